"""Categories over HTTP: kept by who edits products, and narrowing the catalogue and the live view."""

import pytest

from merchant_api.accounts.models import MemberRole
from tests.make.people import make_customer, make_member, make_merchant
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_token


@pytest.fixture
def merchant(database):
    return make_merchant()


@pytest.fixture
def owner(merchant):
    return bearer(make_token(make_member(merchant)))


def at(merchant, rest):
    return f"/v1/merchants/{merchant.id}/{rest}"


def add(client, merchant, who, name="Shawls"):
    return client.post(at(merchant, "categories"), json={"name": name}, headers=who)


def put(client, product, who, name):
    path = at_product(product)
    return client.patch(path, json={"category": name}, headers=who)


def at_product(product):
    return f"/v1/merchants/{product.merchant_id}/products/{product.id}"


def test_a_category_is_added_renamed_and_removed(client, merchant, owner):
    added = add(client, merchant, owner)
    path = at(merchant, f"categories/{added.json['id']}")

    renamed = client.patch(path, json={"name": "Scarves"}, headers=owner)
    listed = client.get(at(merchant, "categories"), headers=owner).json["items"]
    removed = [client.delete(path, headers=owner).status_code for _ in range(2)]

    assert (added.status_code, added.json["name"]) == (201, "Shawls")
    assert renamed.json["name"] == "Scarves"
    assert [row["name"] for row in listed] == ["Scarves"]
    assert removed == [204, 404]


def test_a_name_is_there_once_for_each_merchant(client, merchant, owner):
    other = make_merchant()
    add(client, other, bearer(make_token(make_member(other))))
    add(client, merchant, owner)
    second = add(client, merchant, owner, "Bowls")

    again = add(client, merchant, owner)
    renamed = client.patch(at(merchant, f"categories/{second.json['id']}"), json={"name": "Shawls"}, headers=owner)

    assert (again.status_code, again.json["code"]) == (409, "name_taken")
    assert (renamed.status_code, renamed.json["code"]) == (409, "name_taken")


def test_clerks_see_categories_and_do_not_change_them(client, merchant, owner):
    clerk = bearer(make_token(make_member(merchant, MemberRole.CLERK)))
    added = add(client, merchant, owner)

    assert add(client, merchant, clerk, "Bowls").status_code == 403
    assert client.delete(at(merchant, f"categories/{added.json['id']}"), headers=clerk).status_code == 403
    assert len(client.get(at(merchant, "categories"), headers=clerk).json["items"]) == 1


def test_a_product_goes_into_a_category_and_out_again(client, merchant, owner):
    add(client, merchant, owner)
    product = make_product(merchant)

    inside = put(client, product, owner, "Shawls")
    untouched = client.patch(at_product(product), json={"name": "Mug"}, headers=owner)
    outside = put(client, product, owner, None)

    assert [reply.json["category"] for reply in (inside, untouched, outside)] == ["Shawls", "Shawls", None]


def test_a_product_is_created_in_a_category(client, merchant, owner):
    add(client, merchant, owner)
    body = {"sku": "S-1", "name": "Shawl", "price": {"amount": 1, "currency": "NPR"}}

    made = client.post(at(merchant, "products"), json=body | {"category": "Shawls"}, headers=owner)
    unknown = client.post(at(merchant, "products"), json=body | {"category": "Boats"}, headers=owner)

    assert (made.status_code, made.json["category"]) == (201, "Shawls")
    assert (unknown.status_code, unknown.json["code"], list(unknown.json["errors"])) == (
        422,
        "unknown_category",
        ["category"],
    )


def test_catalogue_and_live_view_are_narrowed_to_a_category(client, merchant, owner):
    add(client, merchant, owner)
    shawl, mug = make_product(merchant, on_hand=2), make_product(merchant, on_hand=3)
    put(client, shawl, owner, "Shawls")
    customer = bearer(make_token(make_customer(merchant)))

    def skus(path, who):
        return [row["sku"] for row in client.get(at(merchant, path), headers=who).json["items"]]

    assert skus("products", customer) == [mug.sku, shawl.sku]
    assert skus("products?category=Shawls", customer) == [shawl.sku]
    assert skus("availability?category=Shawls", owner) == [shawl.sku]
    assert skus("products?category=Boats", customer) == []


def test_products_outlive_their_category(client, merchant, owner):
    added = add(client, merchant, owner)
    product = make_product(merchant)
    put(client, product, owner, "Shawls")

    client.delete(at(merchant, f"categories/{added.json['id']}"), headers=owner)

    assert client.get(at_product(product), headers=owner).json["category"] is None


def test_a_category_of_another_merchant_does_not_exist(client, merchant, owner):
    other = make_merchant()
    theirs = add(client, other, bearer(make_token(make_member(other)))).json["id"]

    assert client.delete(at(merchant, f"categories/{theirs}"), headers=owner).status_code == 404
    assert put(client, make_product(merchant), owner, "Shawls").json["code"] == "unknown_category"
