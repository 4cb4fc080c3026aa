"""Places, SKUs and categories by name: any spelling finds what there is, and nothing is there in two spellings."""

from uuid import UUID

import pytest
from sqlalchemy import update

from merchant_api.core.db import session
from merchant_api.stock.models import Location
from tests.http.orders.conftest import Shop
from tests.make.stock import balances, make_product

SPELT = ["attic no. 1", "ATTIC NO. 1", " Attic\u00a0 No. 1 ", "\uff21ttic No. 1", "Attic N\u200bo. 1"]


@pytest.fixture
def shop(client):
    shop = Shop(client)
    shop.call("owner", "POST", "/locations", {"name": "Attic  No. 1"})
    return shop


def adjust(shop, product, **fields):
    body = {"product_id": str(product.id), "increase": 1, "reason": "received"} | fields
    return shop.call("owner", "POST", "/stock/adjustments", body)


def twins(shop):
    """A second attic from before names were compared."""
    second = shop.call("owner", "POST", "/locations", {"name": "other"}).json["id"]
    older = {"name": "ATTIC No. 1", "name_key": "attic no. 1", "twin": 1}
    row = update(Location).where(Location.merchant_id == shop.merchant.id, Location.id == UUID(second))
    session().execute(row.values(older), execution_options={"synchronize_session": False})
    session().commit()
    session().expire_all()
    return second


@pytest.mark.parametrize("path", ["/locations", "/grades", "/categories"])
@pytest.mark.parametrize("spelt", SPELT)
def test_a_second_name_that_is_the_same_to_people_is_taken(shop, path, spelt):
    first = shop.call("owner", "POST", path, {"name": "Attic No. 1"})
    other = shop.call("owner", "POST", path, {"name": "Loft"})

    again = shop.call("owner", "POST", path, {"name": spelt})
    renamed = shop.call("owner", "PATCH", f"{path}/{other.json['id']}", {"name": spelt})

    assert first.status_code in {201, 409}
    assert [(reply.status_code, reply.json["code"]) for reply in (again, renamed)] == [(409, "name_taken")] * 2


@pytest.mark.parametrize("path", ["/locations", "/categories"])
def test_a_name_may_be_spelt_anew(shop, path):
    made = shop.call("owner", "POST", path, {"name": "loft"}).json["id"]

    renamed = shop.call("owner", "PATCH", f"{path}/{made}", {"name": "  LO\u0301FT  2"})
    again = shop.call("owner", "PATCH", f"{path}/{made}", {"name": "l\u00f3ft 2"})
    free = shop.call("owner", "POST", path, {"name": "Loft"})

    assert (renamed.json["name"], again.json["name"], free.status_code) == ("L\u00d3FT 2", "l\u00f3ft 2", 201)


@pytest.mark.parametrize("spelt", SPELT)
def test_a_place_is_found_wherever_it_is_named(shop, spelt):
    mug = make_product(shop.merchant, on_hand=5)
    told = adjust(shop, mug, location=spelt, grade="Default")
    line = {"product_id": str(mug.id), "quantity": 1, "location": spelt}

    order = shop.call("customer", "POST", "/orders", {"lines": [line]})
    cart = shop.call("customer", "POST", "/carts").json["id"]
    put = shop.call("customer", "PUT", f"/carts/{cart}/lines/{mug.id}", {"quantity": 1, "location": spelt})
    lists = [shop.call("owner", "GET", f"{path}?location={spelt}") for path in ("/availability", "/stock/ledger")]
    why = shop.call("owner", "GET", f"/availability/{mug.id}/explain?location={spelt}&grade=DEFAULT")

    assert (told.status_code, told.json["location"], told.json["grade"]) == (201, "Attic No. 1", "default")
    assert (order.status_code, order.json["state"]) == (201, "confirmed")
    assert put.json["lines"][0]["location"] == "Attic No. 1"
    assert [bool(reply.json["items"]) for reply in lists] == [True, True]
    assert [cell["location"] for cell in why.json["cells"]] == ["Attic No. 1"]


def test_a_place_in_two_spellings_is_one_place_to_a_transfer(shop):
    mug = make_product(shop.merchant, on_hand=5)
    ends = {"from": {"location": "default"}, "to": {"location": "DEFAULT", "grade": "Default"}}

    refused = shop.call("owner", "POST", "/stock/transfers", {"product_id": str(mug.id), "quantity": 1, **ends})

    assert (refused.status_code, refused.json["code"]) == (422, "same_place")
    assert balances(mug) == (5, 0, 0)


def test_older_twins_are_told_apart_by_their_spelling_and_a_third_names_both(shop):
    twins(shop)
    mug = make_product(shop.merchant, on_hand=5)

    line = {"product_id": str(mug.id), "quantity": 1, "location": "attic no. 1"}

    exact = [adjust(shop, mug, location=name).json["location"] for name in ("Attic No. 1", "ATTIC No. 1")]
    refused = [
        adjust(shop, mug, location="attic no. 1"),
        shop.call("owner", "GET", "/availability?location=attic no. 1"),
        shop.call("customer", "POST", "/orders", {"lines": [line]}),
        shop.call("owner", "GET", f"/availability/{mug.id}/explain?location=attic no. 1"),
    ]

    assert exact == ["Attic No. 1", "ATTIC No. 1"]
    assert [(reply.status_code, reply.json["code"]) for reply in refused] == [(422, "ambiguous_name")] * 4
    assert refused[0].json["names"] == ["ATTIC No. 1", "Attic No. 1"]
    assert shop.call("owner", "POST", "/locations", {"name": "attic no. 1"}).json["code"] == "name_taken"


def test_a_twin_that_is_left_alone_still_keeps_its_name(shop):
    second = twins(shop)
    listed = {row["name"]: row["id"] for row in shop.call("owner", "GET", "/locations").json["items"]}
    first = listed["Attic No. 1"]
    shop.call("owner", "PATCH", f"/locations/{first}", {"name": "Barn"})

    taken = shop.call("owner", "POST", "/locations", {"name": "attic NO. 1"})
    renamed = shop.call("owner", "PATCH", f"/locations/{second}", {"name": "Attic no. 1"})

    assert (taken.status_code, renamed.status_code, renamed.json["name"]) == (409, 200, "Attic no. 1")


def test_another_merchant_s_names_are_no_ones_business(shop):
    other = Shop(shop.client)

    assert other.call("owner", "POST", "/locations", {"name": "ATTIC NO. 1"}).status_code == 201
    assert adjust(other, make_product(other.merchant), location="attic no. 1").json["location"] == "ATTIC NO. 1"
