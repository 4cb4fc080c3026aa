"""A SKU and a category in any spelling: one product, one category."""

from urllib.parse import quote

import pytest

from merchant_api.catalog import skus
from merchant_api.core.named import AmbiguousName, only
from tests.http.orders.conftest import Shop
from tests.make.people import make_merchant
from tests.make.stock import make_product

SPELT = ["mug-01", "MUG-01 ", "\uff2d\uff35\uff27-01", "mUg-01\u3000"]


@pytest.fixture
def shop(client):
    return Shop(client)


def create(shop, **fields):
    body = {"sku": "MUG-01", "name": "Mug", "price": {"amount": 1, "currency": "NPR"}} | fields
    return shop.call("owner", "POST", "/products", body)


@pytest.mark.parametrize("spelt", SPELT)
def test_a_second_sku_that_is_the_same_to_people_is_taken(shop, spelt):
    assert create(shop).status_code == 201

    again = create(shop, sku=spelt)

    assert (again.status_code, again.json["code"]) == (409, "sku_taken")
    assert create(Shop(shop.client), sku=spelt).status_code == 201


@pytest.mark.parametrize("spelt", SPELT)
def test_a_sku_is_found_in_any_spelling(shop, spelt):
    made = create(shop).json["id"]

    listed = shop.call("owner", "GET", f"/products?q={spelt}").json["items"]

    assert [row["id"] for row in listed] == [made]
    assert [str(row.id) for row in skus.meant(shop.merchant.id, [spelt])[spelt]] == [made]


@pytest.mark.parametrize("words", ["\u200b", "\u00ad\u200d", "mug_01", "mug%"])
def test_words_that_show_nothing_or_mean_something_to_sql_find_nothing(shop, words):
    create(shop)

    assert shop.call("owner", "GET", "/products?q=" + quote(words)).json["items"] == []


def test_a_sku_is_kept_composed_with_single_blanks(shop):
    assert create(shop, sku=" Cafe\u0301\u00a0  7 ").json["sku"] == "Caf\u00e9 7"
    assert create(shop, sku="a\tb").status_code == 422


def test_older_twins_are_found_as_they_are_spelt_and_named_together_else(database):
    merchant = make_merchant()
    make_product(merchant, sku="Mug-1")
    make_product(merchant, sku="MUG-1", twin=1)

    found = skus.meant(merchant.id, ["Mug-1", "MUG-1", "mug-1", "mug-2"])

    assert {asked: [row.name for row in rows] for asked, rows in found.items()} == {
        "Mug-1": ["Mug-1"],
        "MUG-1": ["MUG-1"],
        "mug-1": ["MUG-1", "Mug-1"],
    }
    with pytest.raises(AmbiguousName) as refused:
        only(found)
    assert refused.value.members == {"asked": ["mug-1"], "names": ["MUG-1", "Mug-1"]}


@pytest.mark.parametrize("spelt", ["shawls", "SHAWLS", " Shawls\u00a0"])
def test_a_category_is_found_in_any_spelling(shop, spelt):
    shop.call("owner", "POST", "/categories", {"name": "Shawls"})

    made = create(shop, category=spelt)
    listed = shop.call("owner", "GET", f"/products?category={spelt}").json["items"]

    assert (made.status_code, made.json["category"]) == (201, "Shawls")
    assert [row["sku"] for row in listed] == ["MUG-01"]
