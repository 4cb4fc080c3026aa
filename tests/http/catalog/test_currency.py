"""A merchant's currency is one that people pay with today, and is fixed by its first product."""

import pytest

from tests.make.money import payments_of
from tests.make.orders import place_one
from tests.make.people import make_member, make_merchant, make_person
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


def test_the_currencies_are_listed_for_anybody(client, database):
    reply = client.get("/v1/currencies")

    found = {each["code"]: (each["digits"], each["name"]) for each in reply.json["items"]}
    assert (reply.status_code, reply.json["next"], len(found)) == (200, None, 155)
    assert found["NPR"] == (2, "Nepalese Rupee")
    assert [found[code][0] for code in ("RSD", "IQD", "JPY", "UGX")] == [2, 3, 0, 0]
    assert found.keys() & {"HRK", "DEM", "BGN", "XXX", "XAU", "CLF"} == set()


@pytest.mark.parametrize("code", ["HRK", "DEM", "BGN", "XXX", "XAU", "XTS", "CLF", "CHE", "XAD", "npr", "", None, 5])
def test_nobody_chooses_a_currency_that_people_do_not_pay_with(client, owner, code):
    merchant, headers = owner
    new = {"name": "Split", "time_zone": "Europe/Zagreb", "currency": code}

    opened = client.post("/v1/merchants", json=new, headers=bearer(make_token(make_person(is_staff=True))))
    changed = client.patch(f"/v1/merchants/{merchant.id}", json={"currency": code}, headers=headers)

    assert [(reply.status_code, set(reply.json["errors"])) for reply in (opened, changed)] == [(422, {"currency"})] * 2


def test_who_has_a_currency_that_was_withdrawn_goes_on(client, database):
    merchant = make_merchant(currency="BGN")
    headers, price = bearer(make_token(make_member(merchant))), {"amount": 9950, "currency": "BGN"}
    url = f"/v1/merchants/{merchant.id}"

    replies = [
        client.patch(url, json={"currency": "BGN", "name": "Sofia"}, headers=headers),
        client.post(f"{url}/products", json={"sku": "MUG", "name": "Mug", "price": price}, headers=headers),
    ]
    order = place_one([(make_product(merchant, on_hand=5), 1)])
    paid = {"amount": {"amount": order.total, "currency": "BGN"}, "reference": "cash"}
    replies.append(client.post(f"{url}/orders/{order.id}/payments", json=paid, headers=headers))

    assert [reply.status_code for reply in replies] == [200, 201, 201]


@pytest.mark.parametrize("code", ["HRK", "BGN", "XXX", "CLF"])
def test_money_that_nobody_pays_with_is_no_payment(client, owner, code):
    merchant, headers = owner
    order = place_one([(make_product(merchant, on_hand=5), 1)])
    paid = {"amount": {"amount": 100, "currency": code}, "reference": "cash"}

    reply = client.post(f"/v1/merchants/{merchant.id}/orders/{order.id}/payments", json=paid, headers=headers)

    assert (reply.status_code, reply.json["code"], set(reply.json["errors"])) == (422, "not_payable", {"amount"})
    assert payments_of(merchant.id) == []
