"""Products listed as the items that have their SKU: where that is beyond doubt, once, and nowhere else."""

import pytest
from sqlalchemy import text

from merchant_api.core.db import session
from tests.http.channels.asked import candidates, listed, match, sells
from tests.make.stock import make_product


@pytest.fixture
def channel(seller, small):
    return seller.connect(address=small.url).json


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


def test_the_same_call_under_a_key_asks_the_shop_once(seller, small, channel):
    make_product(seller.merchant, sku="MUG")
    sells(small, ("i1", "MUG", "a"))

    replies = [match(seller, channel, Idempotency_Key="k") for _ in range(2)]

    assert (replies[0], replies[0]["listed"], len(small.asked)) == (replies[1], 1, 1)
