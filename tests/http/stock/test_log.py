"""The availability log over HTTP: one shape for changes and counts, filters, pages."""

import pytest

from merchant_api.accounts.models import MemberRole
from tests.make.holds import make_hold
from tests.make.people import make_customer, make_member, make_merchant
from tests.make.sessions import make_close, make_count, make_staged
from tests.make.stock import make_cell, make_product
from tests.make.tokens import bearer, make_token

OF_CHANGES = ("seq", "on_hand_change", "held_change", "used_change", "on_hand", "held", "available", "used")
OF_COUNTS = ("count_kind", "read_on_hand", "unpicked")


@pytest.fixture
def merchant(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


@pytest.fixture
def clerk(merchant):
    return bearer(make_token(make_member(merchant, MemberRole.CLERK, "Deepa")))


@pytest.fixture
def ask(client, merchant, clerk):
    """The log, as the clerk asks for it."""

    def call(who=None, **query):
        url = f"/v1/merchants/{merchant.id}/stock/log"
        return client.get(url, query_string=query, headers=who or clerk)

    return call


def test_a_change_and_a_count_have_the_same_members(ask, merchant):
    product = make_product(merchant, on_hand=5)
    make_count(product, 4, comment="top shelf")

    count, change = ask().json["items"]

    assert set(count) == set(change)
    assert (change["kind"], change["before"], change["after"], change["reason"]) == ("ledger", 0, 5, "opening")
    assert (count["kind"], count["before"], count["after"], count["reason"]) == ("count", None, 4, None)
    assert (count["comment"], count["actor"]["kind"], count["sku"]) == ("top shelf", "owner", product.sku)
    assert (count["location"], count["grade"], count["product_id"]) == ("default", "default", str(product.id))
    assert count["difference"] == -1
    assert [count[name] for name in OF_CHANGES] == [None] * len(OF_CHANGES)
    assert [change[name] for name in OF_CHANGES] == [1, 5, 0, 0, 5, 0, 5, 0]
    assert [change[name] for name in OF_COUNTS] == [None] * len(OF_COUNTS)
    assert [count[name] for name in OF_COUNTS] == ["count", 5, 0]


def test_every_kind_of_count_is_there_with_its_session(ask, client, merchant, clerk):
    product = make_product(merchant, on_hand=5)
    first = make_count(product, 4)
    sessions = f"/v1/merchants/{merchant.id}/sessions"
    change = {"product_id": str(product.id), "increase": 2, "reason": "correction"}
    assert client.post(f"{sessions}/staged/adjustments", json=change, headers=clerk).status_code == 201
    assert client.delete(f"{sessions}/staged/counts/{first.id}", headers=clerk).status_code == 200
    done = make_close(merchant)

    rows = ask().json["items"]

    told = [(row["kind"], row["count_kind"], row["before"], row["after"], row["change"]) for row in rows]
    assert told == [
        ("ledger", None, 5, 7, None),
        ("count", "withdrawal", 6, 7, None),
        ("count", "increase", 4, 6, 2),
        ("count", "count", None, 4, None),
        ("ledger", None, 0, 5, None),
    ]
    assert [row["session_id"] for row in rows] == [str(done.live.id)] * 4 + [None]
    assert rows[1]["withdraws"] == str(first.id)


def test_pages_go_on_where_the_last_one_ended(ask, merchant):
    for units in range(1, 5):
        product = make_product(merchant, on_hand=units)
        make_count(product, units)
        make_hold(product, 1)
    whole = [row["id"] for row in ask().json["items"]]

    ids, cursor = [], None
    while True:
        page = ask(limit=5, **({} if cursor is None else {"cursor": cursor})).json
        ids += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert ids == whole
    assert len(set(ids)) == 12


def test_it_is_narrowed_by_product_place_person_and_time(ask, client, merchant, clerk):
    product = make_product(merchant, on_hand=5)
    make_cell(product, 2, location="attic", grade="B")
    make_product(merchant, on_hand=3)
    body = {"product_id": str(product.id), "quantity": 1, "location": "attic", "grade": "B"}
    mine = client.post(f"/v1/merchants/{merchant.id}/sessions/staged/counts", json=body, headers=clerk).json

    def ids(**query):
        return [row["id"] for row in ask(**query).json["items"]]

    assert len(ids()) == 4
    assert len(ids(product=str(product.id))) == 3
    assert len(ids(location="attic")) == len(ids(grade="B", product=str(product.id))) == 2
    assert ids(actor=mine["actor"]["id"]) == ids(since=mine["counted_at"]) == [mine["id"]]
    assert mine["id"] not in ids(until=mine["counted_at"])
    assert ids(location="moon") == []


@pytest.mark.parametrize(
    "query",
    [
        {"product": "5"},
        {"since": "yesterday"},
        {"until": "2026-01-01"},
        {"actor": "\0"},
        {"location": ""},
        {"grade": "x" * 81},
        {"limit": "0"},
        {"cursor": "nonsense"},
        {"kind": "count"},
    ],
)
def test_it_refuses_what_it_does_not_know(ask, query):
    assert ask(**query).status_code == 422


def test_another_merchants_rows_and_a_customers_eyes_stay_outside(ask, merchant):
    other = make_product(on_hand=5)

    assert ask().json["items"] == []
    assert ask(product=str(other.id)).json["items"] == []
    assert ask(bearer(make_token(make_customer(merchant)))).status_code == 403
    assert ask(bearer(make_token(make_member(make_merchant())))).status_code == 403
