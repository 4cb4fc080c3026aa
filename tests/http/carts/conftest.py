"""The shop of the orders' tests, with carts in people's hands."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from merchant_api.catalog.models import Product
from tests.http.orders.conftest import Shop


class Window(Shop):
    """A shop where `who` fills carts by real calls."""

    def open(self, who: str = "customer") -> str:
        """The id of somebody's cart."""
        return str(self.call(who, "POST", "/carts").json["id"])

    def put(self, cart: str, product: Product, quantity: int, who: str = "customer", **members: Any) -> Any:
        """The reply to setting a line."""
        return self.call(who, "PUT", f"/carts/{cart}/lines/{product.id}", {"quantity": quantity, **members})

    def remove(self, cart: str, product: Product, who: str = "customer") -> Any:
        """The reply to taking a line out."""
        return self.call(who, "DELETE", f"/carts/{cart}/lines/{product.id}")

    def look(self, cart: str, who: str = "customer") -> Any:
        """The cart as it is shown now."""
        reply = self.call(who, "GET", f"/carts/{cart}")
        assert reply.status_code == 200, reply.get_data(as_text=True)
        return reply.json

    def check_out(self, cart: str, who: str = "customer", body: Any = None, **headers: str) -> Any:
        """The reply to checking out."""
        return self.call(who, "POST", f"/carts/{cart}/checkout", {} if body is None else body, **headers)


def seen(cart: dict[str, Any]) -> dict[str, Any]:
    """What a client that showed this cart sends with its checkout."""
    lines = [{"product_id": line["product_id"], "verdict": line["verdict"]} for line in cart["lines"]]
    return {"seen": {"total": cart["total"], "lines": lines}}


@pytest.fixture
def shop(client: FlaskClient) -> Window:
    return Window(client)
