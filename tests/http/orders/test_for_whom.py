"""For whom a seller orders by id: the merchant's own customers; anybody else is as unknown."""

import pytest

from merchant_api.core.ids import new_id
from tests.http.orders.conftest import Shop
from tests.make.people import make_customer, make_member, make_merchant, make_person
from tests.make.stock import make_product


@pytest.mark.parametrize("who", ["owner", "clerk", "staff", "key"])
def test_people_who_never_met_the_merchant_are_as_unknown(shop: Shop, who: str) -> None:
    mug, other = make_product(shop.merchant, on_hand=9), make_merchant()
    strangers = [make_person().id, make_customer(other).id, make_member(other).id, shop.people["clerk"].id, new_id()]

    replies = [shop.order(who, mug, customer={"person_id": str(each)}) for each in strangers]

    assert {(reply.status_code, reply.json["code"]) for reply in replies} == {(422, "unknown_customer")}
    assert len({reply.json["detail"] for reply in replies}) == 1
    assert shop.call("owner", "GET", "/orders").json["items"] == []


@pytest.mark.parametrize("who", ["owner", "clerk", "staff", "key"])
def test_who_has_been_a_customer_is_ordered_for_by_id(shop: Shop, who: str) -> None:
    mug = make_product(shop.merchant, on_hand=9)

    reply = shop.order(who, mug, customer={"person_id": str(shop.people["customer"].id)})

    assert reply.status_code == 201


def test_somebody_new_is_a_customer_by_name_and_then_by_id(shop: Shop) -> None:
    mug = make_product(shop.merchant, on_hand=9)
    first = shop.order("clerk", mug, customer={"name": "Asha", "phone": "+9779841234567"}).json

    again = shop.order("clerk", mug, customer={"person_id": first["customer_id"]})

    assert (again.status_code, again.json["customer_id"]) == (201, first["customer_id"])


def test_a_newcomer_orders_for_herself_and_is_a_customer_from_then_on(shop: Shop) -> None:
    mug = make_product(shop.merchant, on_hand=9)
    known = {"person_id": str(shop.people["newcomer"].id)}
    before = shop.order("owner", mug, customer=known).status_code

    own = shop.order("newcomer", mug).status_code

    assert (before, own, shop.order("owner", mug, customer=known).status_code) == (422, 201, 201)
