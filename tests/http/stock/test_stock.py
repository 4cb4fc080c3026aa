"""Stock over HTTP: adjustments, transfers, places, the live view and the ledger."""

import pytest

from merchant_api.accounts.models import MemberRole
from tests.make.holds import make_hold
from tests.make.people import make_customer, make_member, make_merchant
from tests.make.stock import make_cell, make_product
from tests.make.tokens import bearer, make_token


@pytest.fixture
def merchant(database):
    return make_merchant()


@pytest.fixture
def clerk(merchant):
    return bearer(make_token(make_member(merchant, MemberRole.CLERK)))


@pytest.fixture
def owner(merchant):
    return bearer(make_token(make_member(merchant)))


def at(merchant, rest):
    return f"/v1/merchants/{merchant.id}/{rest}"


def adjust(client, product, who, **fields):
    body = {"product_id": str(product.id), "reason": "received"} | fields
    return client.post(f"/v1/merchants/{product.merchant_id}/stock/adjustments", json=body, headers=who)


def test_an_adjustment_tells_the_cell_and_its_ledger_row(client, merchant, clerk):
    product = make_product(merchant, on_hand=5)
    make_hold(product, 2)

    answer = adjust(client, product, clerk, increase=3, comment="a box")

    assert answer.status_code == 201
    told = answer.json
    assert (told["location"], told["on_hand"], told["held"], told["available"], told["used"]) == ("default", 8, 2, 6, 0)
    entry = told["entry"]
    assert (entry["on_hand_change"], entry["on_hand"], entry["seq"]) == (3, 8, 3)
    assert (entry["reason"], entry["comment"], entry["actor"]["kind"]) == ("received", "a box", "clerk")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "quantity"),
        ({"quantity": 1, "increase": 1}, "increase"),
        ({"increase": 0}, "increase"),
        ({"increase": 1.5}, "increase"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": None}, "quantity"),
        ({"increase": 1, "reason": "sold"}, "reason"),
        ({"increase": 1, "reason": "because"}, "reason"),
        ({"increase": 1, "product_id": "5"}, "product_id"),
        ({"increase": 1, "location": "moon"}, "location"),
        ({"increase": 1, "grade": ""}, "grade"),
        ({"increase": 1, "comment": "x" * 501}, "comment"),
        ({"increase": 1, "colour": "red"}, "colour"),
    ],
)
def test_an_adjustment_that_is_not_valid_names_the_field(client, merchant, clerk, fields, named):
    answer = adjust(client, make_product(merchant, on_hand=5), clerk, **fields)

    assert answer.status_code == 422
    assert named in answer.json["errors"]


@pytest.mark.parametrize(
    ("fields", "code"), [({"decrease": 6}, "below_zero"), ({"increase": 1_000_000}, "too_many_units")]
)
def test_a_cell_stays_between_nothing_and_a_million(client, merchant, clerk, fields, code):
    answer = adjust(client, make_product(merchant, on_hand=5), clerk, **fields)

    assert (answer.status_code, answer.json["code"]) == (409, code)


def test_units_are_moved_to_a_new_place(client, merchant, owner):
    product = make_product(merchant, on_hand=5)
    client.post(at(merchant, "locations"), json={"name": "attic"}, headers=owner)
    body = {"product_id": str(product.id), "from": {}, "to": {"location": "attic"}, "quantity": 2}

    answer = client.post(at(merchant, "stock/transfers"), json=body, headers=owner)

    assert answer.status_code == 201
    assert (answer.json["from"]["on_hand"], answer.json["to"]["on_hand"]) == (3, 2)
    assert answer.json["to"]["entry"]["reason"] == "transfer"
    too_many = client.post(at(merchant, "stock/transfers"), json=body | {"quantity": 4}, headers=owner)
    assert (too_many.status_code, too_many.json["code"], too_many.json["available"]) == (409, "insufficient_stock", 3)
    nowhere = client.post(at(merchant, "stock/transfers"), json=body | {"to": {}}, headers=owner)
    assert (nowhere.status_code, nowhere.json["code"]) == (422, "same_place")


def test_places_have_names_of_their_own(client, merchant, owner, clerk):
    for kind in ("locations", "grades"):
        answers = [client.post(at(merchant, kind), json={"name": "B", "rank": 2}, headers=owner) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 409]
        assert client.post(at(merchant, kind), json={"name": "C"}, headers=clerk).status_code == 403
        listed = client.get(at(merchant, kind), headers=clerk).json["items"]
        assert [(row["name"], row["rank"]) for row in listed] == [("default", 0), ("B", 2)]


def test_the_live_view_shows_cells_by_place(client, merchant, clerk):
    product = make_product(merchant, on_hand=5)
    make_cell(product, 2, location="attic")
    make_hold(product, 1)
    make_product(merchant, on_hand=1)

    everything = client.get(at(merchant, "availability"), headers=clerk).json["items"]
    attic = client.get(at(merchant, "availability?location=attic"), headers=clerk).json["items"]
    one = client.get(at(merchant, f"availability?product={product.id}&grade=default"), headers=clerk).json["items"]

    assert [row["on_hand"] for row in everything] == [1, 7]
    assert [(row["sku"], row["available"], len(row["cells"])) for row in attic] == [(product.sku, 2, 1)]
    assert [cell["location"] for cell in one[0]["cells"]] == ["default", "attic"]
    assert sum(cell["held"] for cell in one[0]["cells"]) == one[0]["held"] == 1


def test_the_detail_shows_who_holds_units_and_how_it_came_about(client, merchant, clerk):
    product = make_product(merchant, on_hand=5)
    hold = make_hold(product, 2)

    detail = client.get(at(merchant, f"availability/{product.id}"), headers=clerk).json

    assert (detail["on_hand"], detail["held"], detail["available"], detail["owed"]) == (5, 2, 3, 0)
    assert [(held["order_id"], held["quantity"]) for held in detail["holds"]] == [(str(hold.order_id), 2)]
    assert [row["reason"] for row in detail["history"]] == ["held", "opening"]


def test_the_ledger_is_narrowed_by_product_person_and_time(client, merchant, clerk, owner):
    mug, shawl = make_product(merchant, on_hand=1), make_product(merchant, on_hand=1)
    mine = adjust(client, mug, clerk, increase=1).json["entry"]
    adjust(client, shawl, owner, increase=1)

    def found(path="stock/ledger", **query):
        return client.get(at(merchant, path), query_string=query, headers=clerk).json["items"]

    assert len(found()) == len(found("stock/log")) == 4
    assert [row["id"] for row in found(actor=mine["actor"]["id"])] == [mine["id"]]
    assert [row["seq"] for row in found(product=str(mug.id))] == [2, 1]
    assert mine["id"] not in [row["id"] for row in found(until=mine["happened_at"])]
    assert mine["id"] in [row["id"] for row in found(since=mine["happened_at"])]
    assert found("stock/log")[0]["kind"] == "ledger"


@pytest.mark.parametrize("query", ["product=5", "since=yesterday", "until=2026-01-01", "actor=%00", "limit=-1", "to=1"])
def test_the_ledger_refuses_what_it_does_not_know(client, merchant, clerk, query):
    assert client.get(at(merchant, f"stock/ledger?{query}"), headers=clerk).status_code == 422


def test_customers_see_no_stock_room(client, merchant):
    customer = bearer(make_token(make_customer(merchant)))
    product = make_product(merchant, on_hand=1)

    paths = ["availability", f"availability/{product.id}", "stock/ledger", "stock/log"]

    assert [client.get(at(merchant, path), headers=customer).status_code for path in paths] == [403] * 4
    assert adjust(client, product, customer, increase=1).status_code == 403


def test_another_merchants_product_does_not_exist(client, merchant, clerk):
    other = make_product(on_hand=5)
    body = {"product_id": str(other.id), "reason": "lost", "decrease": 1}

    assert client.post(at(merchant, "stock/adjustments"), json=body, headers=clerk).status_code == 404
    assert client.get(at(merchant, f"availability/{other.id}"), headers=clerk).status_code == 404
    assert client.get(at(merchant, f"availability?product={other.id}"), headers=clerk).json["items"] == []
    assert client.get(at(merchant, f"stock/ledger?product={other.id}"), headers=clerk).json["items"] == []
