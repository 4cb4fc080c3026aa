"""Moving a count over HTTP."""

import pytest

from merchant_api.accounts.models import MemberRole
from merchant_api.core.ids import new_id
from tests.make.people import make_customer, make_member, make_merchant
from tests.make.sessions import make_count, make_staged
from tests.make.snapshot import everything
from tests.make.stock import make_cell, make_product
from tests.make.tokens import bearer, make_token

ATTIC = {"location": "attic", "grade": "default"}


@pytest.fixture
def merchant(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


@pytest.fixture
def product(merchant):
    product = make_product(merchant, on_hand=4)
    make_cell(product, 10, location="attic")
    return product


@pytest.fixture
def clerk(merchant):
    return bearer(make_token(make_member(merchant, MemberRole.CLERK, "Deepa")))


@pytest.fixture
def move(client, merchant, clerk):
    """Asks for a count to be moved, as the clerk does."""

    def call(count_id, body=ATTIC, who=None, at=merchant, **headers):
        url = f"/v1/merchants/{at.id}/sessions/staged/counts/{count_id}/move"
        return client.post(url, json=body, headers=(who or clerk) | headers)

    return call


def test_a_clerk_finds_a_count_in_the_wrong_cell_and_moves_it(client, merchant, product, move, clerk):
    wrong = make_count(product, 9)

    answer = move(wrong.id, ATTIC | {"comment": "read the wrong label"})

    assert answer.status_code == 201
    withdrawn, counted = answer.json["withdrawn"], answer.json["counted"]
    assert (withdrawn["kind"], withdrawn["location"], withdrawn["withdraws"]) == (
        "withdrawal",
        "default",
        str(wrong.id),
    )
    assert (counted["kind"], counted["location"], counted["quantity"]) == ("count", "attic", 9)
    assert (withdrawn["actor"]["name"], counted["actor"]["name"]) == ("Deepa", "Deepa")
    rows = client.get(f"/v1/merchants/{merchant.id}/stock/log?product={product.id}", headers=clerk).json["items"]
    notes = {row["id"]: row["comment"] for row in rows}
    assert notes[withdrawn["id"]] == f"moved to attic, default: count {counted['id']}; read the wrong label"
    assert notes[counted["id"]] == f"moved from default, default: count {wrong.id}; read the wrong label"


def test_the_same_key_moves_it_once(product, move):
    wrong = make_count(product, 9)

    first, again = (move(wrong.id, **{"Idempotency-Key": "k"}) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"location": "attic"}, 422, "invalid"),
        (ATTIC | {"grade": None}, 422, "invalid"),
        (ATTIC | {"location": ["attic"]}, 422, "invalid"),
        (ATTIC | {"quantity": 3}, 422, "invalid"),
        (ATTIC | {"comment": "x" * 501}, 422, "invalid"),
        (ATTIC | {"location": "moon"}, 422, "no_such_place"),
        (ATTIC | {"location": "default"}, 422, "same_place"),
        ([], 422, "invalid"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(merchant, product, move, body, status, code):
    wrong = make_count(product, 9)
    before = everything(merchant.id)

    answer = move(wrong.id, body)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert everything(merchant.id) == before


def test_a_count_is_moved_once(product, move):
    wrong = make_count(product, 9)
    assert move(wrong.id).status_code == 201

    again = move(wrong.id)

    assert (again.status_code, again.json["code"]) == (409, "already_withdrawn")


def test_counts_that_are_not_ones_own_do_not_exist(product, move, merchant):
    other = make_merchant()
    make_staged(other)
    foreign = make_count(make_product(other, on_hand=1), 2)
    stranger, customer = make_member(other), make_customer(merchant)

    assert move(foreign.id).status_code == 404
    assert move(new_id()).status_code == 404
    assert move(foreign.id, who=bearer(make_token(stranger))).status_code == 404
    assert move(make_count(product, 3).id, who=bearer(make_token(customer))).status_code == 403


def test_without_a_staged_session_there_is_nothing_to_move(move, client):
    other = make_merchant()
    owner = bearer(make_token(make_member(other)))

    answer = move(new_id(), who=owner, at=other)

    assert (answer.status_code, answer.json["code"]) == (409, "no_staged_session")
