"""A shop with somebody of each role, who call by real tokens."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient

from merchant_api.accounts.models import MemberRole, Merchant, Person
from merchant_api.catalog.models import Product
from tests.make.people import make_customer, make_member, make_merchant, make_person
from tests.make.tokens import bearer, make_key, make_token


@dataclass
class Shop:
    """`call(who, method, path)` goes below the merchant's URL; `who` is one of `people`, "key" or "nobody"."""

    client: FlaskClient
    merchant: Merchant = field(default_factory=make_merchant)
    people: dict[str, Person] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = {
            "owner": make_member(self.merchant),
            "clerk": make_member(self.merchant, MemberRole.CLERK, "Sita"),
            "customer": make_customer(self.merchant),
            "other customer": make_customer(self.merchant, "Deepa"),
            "newcomer": make_person("Nima"),
            "staff": make_person("Root", is_staff=True),
        }
        self.headers = {name: bearer(make_token(person)) for name, person in self.people.items()}
        self.headers |= {"key": bearer(make_key(self.merchant)), "nobody": {}}

    def call(self, who: str, method: str, path: str, json: Any = None, **headers: str) -> Any:
        """The reply to a call; `headers` as Idempotency_Key="k"."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"/v1/merchants/{self.merchant.id}{path}"
        return self.client.open(url, method=method, json=json, headers=self.headers[who] | more)

    def order(self, who: str, product: Product, quantity: int = 1, **members: Any) -> Any:
        """The reply to placing an order of one line."""
        line = {"product_id": str(product.id), "quantity": quantity}
        return self.call(who, "POST", "/orders", {"lines": [line], **members})


@pytest.fixture
def shop(client: FlaskClient) -> Shop:
    return Shop(client)
