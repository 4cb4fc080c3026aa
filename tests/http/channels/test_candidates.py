"""Items of a shop and products of ours, brought together by SKU: what is clear may be listed, the rest is shown."""

import pytest

from tests.fakes import small_shop
from tests.http.channels.asked import candidates, listed, match, sells
from tests.make.stock import make_product

CURSOR = "page 2 of {}"
ODD = [{"id": "i1", "sku": "S", "name": None, "sells": 3}]


@pytest.fixture
def channel(seller, small):
    return seller.connect(address=small.url).json


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


def test_the_shop_is_asked_for_a_page_at_a_time(seller, small, channel):
    sells(small, next=CURSOR)

    assert candidates(seller, channel)["next"] == CURSOR
    match(seller, channel, {"cursor": "abc"})
    candidates(seller, channel, "?cursor=abc")

    assert [asked[1] for asked in small.asked] == ["/items?cursor=", "/items?cursor=abc", "/items?cursor=abc"]


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"oops"), (200, b"<html>"), (200, {}), (200, {"items": 5}), (200, {"items": ODD}), (403, 0)],
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
