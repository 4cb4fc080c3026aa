"""A merchant's currency is fixed by its first product."""

import pytest

from tests.make.people import make_member, make_merchant
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_token


@pytest.fixture
def owner(database):
    merchant = make_merchant(currency="NPR")
    return merchant, bearer(make_token(make_member(merchant)))


def test_the_currency_can_change_while_there_is_no_product(client, owner):
    merchant, headers = owner

    reply = client.patch(f"/v1/merchants/{merchant.id}", json={"currency": "EUR"}, headers=headers)

    assert (reply.status_code, reply.json["currency"]) == (200, "EUR")


def test_the_first_product_fixes_the_currency(client, owner):
    merchant, headers = owner
    make_product(merchant)

    reply = client.patch(f"/v1/merchants/{merchant.id}", json={"currency": "EUR"}, headers=headers)
    same = client.patch(f"/v1/merchants/{merchant.id}", json={"currency": "NPR"}, headers=headers)

    assert (reply.status_code, reply.json["code"]) == (409, "currency_fixed")
    assert same.status_code == 200
