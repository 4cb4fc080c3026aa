"""Two clerks who enter one person at the same moment make one customer of him, with one seat."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from merchant_api.accounts.models import Customer
from merchant_api.core.db import session
from tests.make.people import make_member, make_merchant
from tests.make.registrations import make_class
from tests.make.stock import balances, make_product
from tests.make.tokens import bearer, make_key, make_token
from tests.races.rivals import at_once

ASHA = [
    {"name": "Asha Rai", "email": "asha@example.com"},
    {"name": "A. Rai", "email": "ASHA@Example.com"},
    {"name": "Asha Rai", "email": " asha@example.com", "phone": "9841234567"},
    {"name": "asha rai", "email": "asha@EXAMPLE.com", "phone": "+977 984 1234567"},
]


def enters(app, merchant, headers, product, customer):
    url = f"/v1/merchants/{merchant.id}/orders"
    body = {"lines": [{"product_id": str(product.id), "quantity": 1}], "customer": customer}
    return lambda: app.test_client().post(url, json=body, headers=headers)


def customers(merchant):
    session().rollback()
    return session().execute(select(func.count()).where(Customer.merchant_id == merchant.id)).scalar_one()


@pytest.mark.parametrize("is_tracked", [True, False])
def test_one_person_entered_16_times_at_once_has_one_seat(crowd, is_tracked):
    merchant = make_merchant()
    seats, headers = make_class(merchant, is_tracked=is_tracked), bearer(make_token(make_member(merchant)))

    replies = at_once(crowd, [enters(crowd, merchant, headers, seats, each) for each in ASHA * 4])

    assert Counter(reply.status_code for reply in replies) == {201: 1, 409: 15}
    assert {reply.json["code"] for reply in replies if reply.status_code == 409} == {"already_registered"}
    assert customers(merchant) == 1


def test_one_person_who_buys_different_things_at_once_is_one_customer(crowd):
    merchant = make_merchant()
    headers = bearer(make_token(make_member(merchant)))
    products = [make_product(merchant, on_hand=5) for _ in range(8)]

    replies = at_once(
        crowd, [enters(crowd, merchant, headers, each, ASHA[number % 4]) for number, each in enumerate(products)]
    )

    assert {reply.status_code for reply in replies} == {201}
    assert customers(merchant) == 1


def test_the_cap_holds_for_one_person_who_comes_at_once_under_two_marks(crowd):
    merchant = make_merchant(unpaid_orders_cap=3)
    headers = bearer(make_key(merchant))
    products = [make_product(merchant) for _ in range(12)]
    phone, email = {"name": "Asha Rai", "phone": "9841234567"}, ASHA[0]
    for each, product in zip((phone, email), products, strict=False):
        assert enters(crowd, merchant, headers, product, each)().status_code == 201

    replies = at_once(crowd, [enters(crowd, merchant, headers, each, ASHA[2]) for each in products])

    assert Counter(reply.status_code for reply in replies) == {201: 1, 429: 11}


def test_seats_are_one_for_a_person_who_comes_at_once_under_two_marks(crowd):
    merchant = make_merchant()
    headers, seats = bearer(make_token(make_member(merchant))), make_class(merchant, is_tracked=False)
    mug, phone = make_product(merchant, on_hand=5), {"name": "Asha Rai", "phone": "9841234567"}
    for each in (phone, ASHA[0]):
        assert enters(crowd, merchant, headers, mug, each)().status_code == 201

    replies = at_once(crowd, [enters(crowd, merchant, headers, seats, each) for each in [ASHA[2], phone] * 6])

    assert Counter(reply.status_code for reply in replies) == {201: 1, 409: 11}
    assert balances(mug) == (5, 2, 0)
