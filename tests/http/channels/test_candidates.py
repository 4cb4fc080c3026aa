"""Items of a shop and products of ours, brought together by SKU: what is clear may be listed, the rest is shown."""

import pytest
from sqlalchemy import text

from merchant_api.core.db import session
from tests.fakes import small_shop
from tests.make.stock import make_product

CURSOR = "page 2 of {}"


@pytest.fixture
def channel(seller, small):
    return seller.connect(address=small.url).json


def sells(small, *items, **page):
    some = [{"id": number, "sku": sku, "name": name, "sells": 3} for number, sku, name in items]
    small.answers["/items"] = (200, {"items": some, **page})


def candidates(seller, channel, query=""):
    reply = seller.call("clerk", "GET", f"/channels/{channel['id']}/candidates{query}")
    assert reply.status_code == 200, reply.text
    return reply.json


def match(seller, channel, body=None, **headers):
    reply = seller.call("owner", "POST", f"/channels/{channel['id']}/listings/match", body, **headers)
    assert reply.status_code == 200, reply.text
    return reply.json


def listed(seller, channel):
    items = seller.call("clerk", "GET", f"/channels/{channel['id']}/listings").json["items"]
    return {each["sku"]: each["shop_id"] for each in items}


def test_an_item_is_matched_by_its_sku_trimmed_and_in_any_case(seller, small, channel):
    mug = make_product(seller.merchant, sku="MUG-Stra\u00dfe")
    sells(small, ("i1", "  mug-STRASSE ", "A mug"), of=1)

    told = candidates(seller, channel)

    product = {"product_id": str(mug.id), "sku": mug.sku, "name": mug.name, "listed_as": None}
    assert told["items"] == [
        {
            "shop_id": "i1",
            "shop_location": None,
            "sku": "mug-STRASSE",
            "name": "A mug",
            "sells": 3,
            "listed_product_id": None,
            "products": [product],
            "is_clear": True,
            "why": None,
        }
    ]
    assert (told["next"], told["of"], listed(seller, channel)) == (None, 1, {})


def test_what_is_not_clear_is_shown_with_what_is_in_the_way_and_never_guessed(seller, small, channel):
    make_product(seller.merchant, sku="TWICE")
    older = make_product(seller.merchant, sku="OLD-1")
    twin = make_product(seller.merchant, sku="OLD-2")
    make_twins(older, twin)
    items = [("i1", "TWICE", "a"), ("i2", "twice", "b"), ("i3", "old-1", "c"), ("i4", None, "d"), ("i5", " ", "e")]
    sells(small, *items, ("i6", "NOBODY", "f"))

    told = {each["shop_id"]: each for each in match(seller, channel)["items"]}

    assert [told[each]["why"] for each in ("i1", "i2", "i3", "i4", "i5", "i6")] == [
        "Several items of the shop have this SKU: list the right one by hand.",
        "Several items of the shop have this SKU: list the right one by hand.",
        "Several of our products have this SKU: list the right one by hand.",
        "The item has no SKU: list its product by hand.",
        "The item has no SKU: list its product by hand.",
        "No product of ours has this SKU.",
    ]
    assert {product["sku"] for product in told["i3"]["products"]} == {"OLD-1", "old-1"}
    assert listed(seller, channel) == {}


def make_twins(one, other):
    """As only older rows can be."""
    spelt = text("UPDATE products SET sku = 'old-1', sku_key = 'old-1', twin = 1 WHERE merchant_id = :m AND id = :id")
    session().execute(spelt, {"m": other.merchant_id, "id": other.id})
    session().commit()
    session().expire_all()
    assert (one.sku_key, other.sku_key) == ("old-1", "old-1")


def test_what_is_clear_is_listed_once(seller, small, channel):
    mug, bowl = make_product(seller.merchant, sku="MUG", on_hand=4), make_product(seller.merchant, sku="BOWL")
    sells(small, ("i1", "mug", "a"), ("i2", "bowl", "b"), ("i3", "NOBODY", "c"))

    first, again = match(seller, channel), match(seller, channel)

    assert (first["listed"], [each["shop_id"] for each in first["items"]]) == (2, ["i3"])
    assert (again["listed"], [each["shop_id"] for each in again["items"]]) == (0, ["i3"])
    assert listed(seller, channel) == {"MUG": "i1", "BOWL": "i2"}
    assert seller.shown(channel)["waiting"] == 2
    shown = {each["shop_id"]: each["listed_product_id"] for each in candidates(seller, channel)["items"]}
    assert shown == {"i1": str(mug.id), "i2": str(bowl.id), "i3": None}


def test_a_product_that_is_listed_as_another_item_is_not_listed_again(seller, small, channel):
    mug = make_product(seller.merchant, sku="MUG")
    seller.call("owner", "PUT", f"/channels/{channel['id']}/listings/{mug.id}", {"shop_id": "i0"})
    sells(small, ("i1", "MUG", "a"))

    told = match(seller, channel)

    assert (told["listed"], told["items"][0]["why"]) == (
        0,
        "The product with this SKU is listed as another item of the shop.",
    )
    assert told["items"][0]["products"][0]["listed_as"] == "i0"
    assert listed(seller, channel) == {"MUG": "i0"}


def test_the_shop_is_asked_for_a_page_at_a_time(seller, small, channel):
    sells(small, next=CURSOR)

    assert candidates(seller, channel)["next"] == CURSOR
    match(seller, channel, {"cursor": "abc"})
    candidates(seller, channel, "?cursor=abc")

    assert [asked[1] for asked in small.asked] == ["/items?cursor=", "/items?cursor=abc", "/items?cursor=abc"]


def test_the_same_call_under_a_key_asks_the_shop_once(seller, small, channel):
    make_product(seller.merchant, sku="MUG")
    sells(small, ("i1", "MUG", "a"))

    replies = [match(seller, channel, Idempotency_Key="k") for _ in range(2)]

    assert (replies[0], replies[0]["listed"], len(small.asked)) == (replies[1], 1, 1)


@pytest.mark.parametrize(
    ("status", "body"), [(500, b"oops"), (200, b"<html>"), (200, {}), (200, {"items": 5}), (403, {})]
)
def test_a_shop_that_answers_something_else_is_told_as_a_refusal(seller, small, channel, status, body):
    small.answers["/items"] = (status, body)

    for method, path in (("GET", "candidates"), ("POST", "listings/match")):
        reply = seller.call("owner", method, f"/channels/{channel['id']}/{path}")
        assert (reply.status_code, reply.json["code"]) == (409, "shop_not_asked")
        assert reply.json["detail"]


def test_text_that_no_database_takes_is_shown_without_what_is_wrong(seller, small, channel):
    make_product(seller.merchant, sku="MUG")
    sells(small, ("i1", "M\0UG\0", "a\ud800"))

    (told,) = candidates(seller, channel)["items"]

    assert (told["sku"], told["name"], told["is_clear"]) == ("MUG", "a?", True)


def test_a_kind_that_does_not_tell_its_items_is_listed_by_hand(seller, channel, monkeypatch):
    small_shop.use(monkeypatch, has_items=False)

    reply = seller.call("owner", "GET", f"/channels/{channel['id']}/candidates")

    assert (reply.status_code, reply.json["code"]) == (409, "no_items")
