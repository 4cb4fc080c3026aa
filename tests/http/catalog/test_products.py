"""Products over HTTP: who sees and changes what, and what bad input gets."""

import pytest
from sqlalchemy import event

from merchant_api.accounts.models import MemberRole
from merchant_api.catalog.models import Status, WhenShort
from merchant_api.core.db import db
from tests.make.people import make_customer, make_member, make_merchant, make_person
from tests.make.statements import asked
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_key, make_token

MUG = {"sku": "MUG-01", "name": "Mug", "price": {"amount": 150_000, "currency": "NPR"}}


@pytest.fixture
def merchant(database):
    return make_merchant()


@pytest.fixture
def owner(merchant):
    return bearer(make_token(make_member(merchant)))


@pytest.fixture
def customer(merchant):
    return bearer(make_token(make_customer(merchant)))


def at(merchant, rest=""):
    return f"/v1/merchants/{merchant.id}/products{rest}"


def test_a_created_product_shows_its_stock_and_mode(client, merchant, owner):
    answer = client.post(at(merchant), json=MUG | {"stock": 25, "status": "published"}, headers=owner)

    assert answer.status_code == 201
    assert answer.json["stock"] == {"on_hand": 25, "held": 0, "available": 25, "used": 0}
    assert (answer.json["mode"], answer.json["mode_reason"]) == ("instant", "25 available")
    assert (answer.json["price"], answer.json["is_tracked"]) == (MUG["price"], True)
    assert client.get(at(merchant, f"/{answer.json['id']}"), headers=owner).json == answer.json


def test_the_stock_amount_is_all_that_changes_the_mode(client, merchant, owner):
    product = make_product(merchant)
    path = at(merchant, f"/{product.id}/stock")

    modes = [client.put(path, json={"quantity": n}, headers=owner).json["mode"] for n in (4, 0)]

    assert modes == ["instant", "on_request"]


def test_customers_see_published_products_only(client, merchant, owner, customer):
    shown, draft = make_product(merchant), make_product(merchant, status=Status.DRAFT)

    lists = [client.get(at(merchant), headers=who).json["items"] for who in (customer, owner)]

    assert [[row["id"] for row in rows] for rows in lists] == [[str(shown.id)], [str(draft.id), str(shown.id)]]
    assert client.get(at(merchant, f"/{draft.id}"), headers=customer).status_code == 404
    assert client.get(at(merchant, "?status=draft"), headers=customer).json["items"] == []


def test_staff_and_owner_set_a_product_to_draft_and_clerks_do_not(client, merchant, owner, customer):
    product = make_product(merchant)
    staff = bearer(make_token(make_person(is_staff=True)))
    clerk = bearer(make_token(make_member(merchant, MemberRole.CLERK)))

    asked = [
        client.patch(at(merchant, f"/{product.id}"), json={"status": "draft"}, headers=who).status_code
        for who in (clerk, customer, staff, owner)
    ]

    assert asked == [403, 403, 200, 200]


def test_the_search_takes_words_as_they_are_written(client, merchant, owner):
    make_product(merchant, name="Mug, 50% wool", sku="A_1")
    make_product(merchant, name="Shawl", sku="B-1")

    def found(words):
        items = client.get(at(merchant), query_string={"q": words}, headers=owner).json["items"]
        return [item["sku"] for item in items]

    assert [found("0% W"), found("a_1"), found("%"), found("_"), found("-1"), found("\\")] == [
        ["A_1"],
        ["A_1"],
        ["A_1"],
        ["A_1"],
        ["B-1"],
        [],
    ]


def test_a_list_goes_on_where_the_page_ended(client, merchant, owner):
    ids = [str(make_product(merchant).id) for _ in range(3)]

    first = client.get(at(merchant, "?limit=2"), headers=owner).json
    second = client.get(at(merchant, f"?limit=2&cursor={first['next']}"), headers=owner).json

    assert [row["id"] for row in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None


def test_a_list_costs_the_same_whatever_its_length(client, merchant, owner):
    for _ in range(5):
        make_product(merchant, on_hand=1)
    statements = []
    event.listen(db.engines[None], "before_cursor_execute", lambda *told: statements.append(told[2]))

    client.get(at(merchant), headers=owner)

    assert len(asked(statements)) == 4


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sku": ""}, "sku"),
        ({"sku": "x" * 65}, "sku"),
        ({"sku": "a\nb"}, "sku"),
        ({"sku": None}, "sku"),
        ({"name": ["Mug"]}, "name"),
        ({"price": 150_000}, "price"),
        ({"price": {"amount": -1, "currency": "NPR"}}, "price"),
        ({"price": {"amount": 1.5, "currency": "NPR"}}, "price"),
        ({"price": {"amount": 10**16, "currency": "NPR"}}, "price"),
        ({"price": {"amount": 1, "currency": "EUR"}}, "price"),
        ({"stock": -1}, "stock"),
        ({"stock": "1"}, "stock"),
        ({"stock": True}, "stock"),
        ({"stock": 1_000_001}, "stock"),
        ({"stock": 1, "is_tracked": False}, "stock"),
        ({"is_tracked": 1}, "is_tracked"),
        ({"is_tracked": []}, "is_tracked"),
        ({"kind": "service"}, "kind"),
        ({"kind": []}, "kind"),
        ({"status": {}}, "status"),
        ({"kind": "registration", "when_short": "backorder"}, "when_short"),
        ({"max_quantity": 1.5}, "max_quantity"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_field_that_is_not_valid_is_named(client, merchant, owner, change, field):
    answer = client.post(at(merchant), json=MUG | change, headers=owner)

    assert answer.status_code == 422
    assert field in answer.json["errors"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"when_short": "backorder"}, "when_short"),
        ({"fulfilment": "courier"}, "fulfilment"),
        ({"name": "Course", "when_short": "backorder", "max_quantity": 1}, "when_short"),
        ({"kind": "merchandise"}, "kind"),
        ({"kind": "merchandise", "when_short": "backorder"}, "kind"),
    ],
)
def test_a_registration_stays_one_and_takes_no_backorders_when_it_is_changed(client, merchant, owner, change, field):
    made = client.post(at(merchant), json=MUG | {"kind": "registration"}, headers=owner).json

    answer = client.patch(at(merchant, f"/{made['id']}"), json=change, headers=owner)

    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert client.get(at(merchant, f"/{made['id']}"), headers=owner).json == made


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "cursor=%C3%A9", "cursor=abc", "status=gone", "q=%00", "x=1"])
def test_a_list_refuses_what_it_does_not_know(client, merchant, owner, query):
    assert client.get(at(merchant, f"?{query}"), headers=owner).status_code == 422


def test_a_sku_that_is_taken_is_a_conflict(client, merchant, owner):
    answers = [client.post(at(merchant), json=MUG, headers=owner) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json["code"] == "sku_taken"


def test_stock_that_moved_says_what_is_available(client, merchant, owner):
    product = make_product(merchant, on_hand=5)

    answer = client.put(at(merchant, f"/{product.id}/stock"), json={"quantity": 3, "seen": 9}, headers=owner)

    assert (answer.status_code, answer.json["code"], answer.json["available"]) == (409, "stock_moved", 5)


def test_setting_stock_twice_with_one_key_enters_it_once(client, merchant, owner):
    product = make_product(merchant, on_hand=5, when_short=WhenShort.REFUSE)
    headers = owner | {"Idempotency-Key": "once"}
    path = at(merchant, f"/{product.id}/stock")

    first, second = (client.put(path, json={"quantity": 0, "seen": 5}, headers=headers) for _ in range(2))

    assert first.data == second.data
    assert (first.json["mode_reason"], second.headers["Idempotency-Replayed"]) == ("Sold out", "true")


def test_another_merchants_product_does_not_exist(client, merchant, owner):
    other = make_product(on_hand=5)
    key = bearer(make_key(merchant, ["products.read", "products.edit", "stock.edit"]))

    for headers in (owner, key):
        answers = [
            client.get(at(merchant, f"/{other.id}"), headers=headers),
            client.patch(at(merchant, f"/{other.id}"), json={"name": "Mine"}, headers=headers),
            client.put(at(merchant, f"/{other.id}/stock"), json={"quantity": 0}, headers=headers),
            client.put(
                f"/v1/merchants/{other.merchant_id}/products/{other.id}/stock", json={"quantity": 0}, headers=headers
            ),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404, 404]


def test_staff_open_a_merchant_and_nobody_else_does(client, merchant, owner):
    staff = bearer(make_token(make_person(is_staff=True)))
    new = {"name": "Crafts", "time_zone": "Asia/Kathmandu", "currency": "NPR"}

    opened = client.post("/v1/merchants", json=new, headers=staff)

    assert (opened.status_code, opened.json["locale"]) == (201, "en")
    assert client.post("/v1/merchants", json=new, headers=owner).status_code == 403
    for wrong in ({"currency": "XXL"}, {"time_zone": "Moon"}, {"owner": "nobody@example.com"}, {"currency": 5}):
        assert client.post("/v1/merchants", json=new | wrong, headers=staff).status_code == 422
