"""The tests of isolation again, by the database alone; and that they would see what it lets through."""

import pytest

from merchant_api.core import tenancy
from merchant_api.core.embedded.server import USER
from merchant_api.core.tenancy import Whose
from tests.http.carts.test_isolation import *  # noqa: F403 - the very tests
from tests.http.orders.conftest import Shop
from tests.http.orders.test_isolation import *  # noqa: F403 - the very tests
from tests.make.stock import make_product


def test_with_neither_line_another_merchant_s_order_is_given_away(shop, monkeypatch: pytest.MonkeyPatch):
    other = Shop(shop.client)
    theirs = other.order("customer", make_product(other.merchant)).json["id"]
    really = tenancy.opening

    def unguarded(whose: Whose | None) -> str:
        return f"{really(whose)}; SET LOCAL ROLE {USER}"

    monkeypatch.setattr(tenancy, "opening", unguarded)

    assert shop.call("owner", "GET", f"/orders/{theirs}").status_code == 200
