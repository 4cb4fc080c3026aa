"""Names in files of counts and in the preview: in any spelling, and each line that may mean several is named."""

import pytest

from tests.http.orders.conftest import Shop
from tests.make.stock import make_product


@pytest.fixture
def shop(client):
    shop = Shop(client)
    shop.call("owner", "POST", "/sessions", {})
    return shop


def bring_in(shop, text, query=""):
    path = f"/v1/merchants/{shop.merchant.id}/sessions/staged/counts/import{query}"
    headers = shop.headers["owner"] | {"Content-Type": "text/csv"}
    return shop.client.post(path, data=text.encode(), headers=headers)


@pytest.mark.parametrize("query", ["", "?ignore_unknown=true"])
def test_every_line_that_may_mean_several_is_named_beside_what_else_is_wrong(shop, query):
    make_product(shop.merchant, sku="Mug-1")
    make_product(shop.merchant, sku="MUG-1", twin=1)

    refused = bring_in(shop, "sku,quantity,location\nMug-1,1,\nmug-1,2,\nMUG-1,3,attic\nmUG-1,4,\n", query)

    assert (refused.status_code, refused.json["code"]) == (422, "bad_lines")
    assert [(line["line"], line["column"]) for line in refused.json["lines"]] == [
        (3, "sku"),
        (4, "location"),
        (5, "sku"),
    ]
    assert refused.json["lines"][0]["complaint"].startswith("it may be any of MUG-1, Mug-1:")


@pytest.mark.parametrize("spelt", ["tea", " TEA ", "\uff34ea"])
def test_the_preview_is_narrowed_to_a_category_in_any_spelling(shop, spelt):
    shop.call("owner", "POST", "/categories", {"name": "Tea"})
    made = {"sku": "T-1", "name": "T", "price": {"amount": 1, "currency": "NPR"}, "category": "Tea"}
    tea = shop.call("owner", "POST", "/products", made).json["id"]
    other = make_product(shop.merchant)
    for product_id in (tea, str(other.id)):
        shop.call("owner", "POST", "/sessions/staged/counts", {"product_id": product_id, "quantity": 3})

    shown = shop.call("owner", "GET", f"/sessions/staged/preview?category={spelt}").json

    assert [cell["product_id"] for cell in shown["items"]] == [tea]
