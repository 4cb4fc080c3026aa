"""Sessions over HTTP: count, look, close, look back."""

import pytest

from merchant_api.core.ids import new_id
from tests.http.sessions.calls import counted
from tests.make.people import make_customer, make_member, make_merchant
from tests.make.stock import make_cell, make_product
from tests.make.tokens import bearer, make_token


def test_a_clerk_counts_and_the_owner_promotes(ask, merchant, clerk):
    product = make_product(merchant, on_hand=3)

    assert ask("POST", who=clerk).status_code == 201
    body = {"product_id": str(product.id), "quantity": 5, "comment": "top shelf"}
    row = ask("POST", "/staged/counts", body, clerk)
    assert row.status_code == 201
    assert ask("POST", "/live/close", {}, clerk).status_code == 403
    done = ask("POST", "/live/close", {"comment": "the monthly count"})

    assert done.status_code == 200
    assert (row.json["kind"], row.json["quantity"], row.json["comment"]) == ("count", 5, "top shelf")
    assert (row.json["actor"]["name"], row.json["location"]) == ("Deepa", "default")
    told = done.json
    assert [told[name]["state"] for name in ("closed", "live", "staged")] == ["closed", "live", "staged"]
    assert (told["counted"], told["changed"], told["zeroed"]) == (1, 1, 0)
    assert told["live"]["comment"] == "the monthly count"


def test_a_second_session_is_not_staged(ask, staged):
    again = ask("POST")

    assert (again.status_code, again.json["code"]) == (409, "session_staged")


def test_the_list_shows_what_each_session_is(ask, merchant, staged):
    counted(ask, make_product(merchant), 5)

    listed = ask("GET").json["items"]

    assert [(row["state"], row["version"]) for row in listed] == [("staged", 1), ("live", 0)]
    assert listed[0]["opened_by"]["kind"] == "owner"
    assert listed[1]["opened_by"] is None


@pytest.mark.parametrize("by_id", [True, False])
def test_a_session_shows_what_is_counted_in_it(ask, merchant, staged, by_id):
    first, second = make_product(merchant, on_hand=2), make_product(merchant)
    counted(ask, first, 5, moved="ignore")
    counted(ask, second, 7)
    which = staged["id"] if by_id else "staged"

    page = ask("GET", f"/{which}?limit=1").json
    rest = ask("GET", f"/{which}?limit=1&cursor={page['cells']['next']}").json

    assert (page["counted"], page["version"]) == (2, 2)
    cells = page["cells"]["items"] + rest["cells"]["items"]
    assert [(row["sku"], row["quantity"], row["moved"]) for row in cells] == [
        (first.sku, 5, "ignore"),
        (second.sku, 7, None),
    ]
    assert rest["cells"]["next"] is None


def test_a_count_is_adjusted_and_withdrawn_and_the_log_keeps_all(ask, merchant, staged):
    product = make_product(merchant)
    first = counted(ask, product, 5).json
    change = {"product_id": str(product.id), "decrease": 2, "reason": "damaged", "comment": "chipped"}
    assert ask("POST", "/staged/adjustments", change).status_code == 201

    withdrawn = ask("DELETE", f"/staged/counts/{first['id']}")

    assert (withdrawn.status_code, withdrawn.json["code"]) == (409, "below_zero")
    log = ask("GET", "/staged/counts").json["items"]
    assert [(row["kind"], row["quantity"], row["change"], row["reason"]) for row in log] == [
        ("decrease", 3, -2, "damaged"),
        ("count", 5, None, None),
    ]
    assert ask("DELETE", f"/staged/counts/{log[0]['id']}").json["quantity"] == 5
    assert len(ask("GET", "/staged/counts").json["items"]) == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"quantity": -1}, "quantity"),
        ({"quantity": 1_000_001}, "quantity"),
        ({"quantity": 1.5}, "quantity"),
        ({}, "quantity"),
        ({"quantity": 1, "moved": "add"}, "moved"),
        ({"quantity": 1, "colour": "red"}, "colour"),
        ({"quantity": 1, "location": "nowhere"}, "location"),
    ],
)
def test_a_count_that_says_nonsense_is_refused(ask, merchant, staged, body, field):
    refused = ask("POST", "/staged/counts", {"product_id": str(make_product(merchant).id), **body})

    assert refused.status_code == 422
    assert field in refused.json["errors"]


def test_what_is_not_there_is_not_found(ask, merchant):
    for rest in ("/staged", "/nonsense", f"/{new_id()}", f"/{new_id()}/snapshot", "/staged/counts"):
        assert ask("GET", rest).status_code == 404
    refused = counted(ask, make_product(merchant), 1)
    assert (refused.status_code, refused.json["code"]) == (409, "no_staged_session")
    refused = ask("GET", "/staged/preview")
    assert (refused.status_code, refused.json["code"]) == (409, "no_staged_session")


def test_another_merchants_sessions_do_not_exist(ask, client, merchant, staged):
    other = make_merchant()
    stranger = bearer(make_token(make_member(other)))
    mine = client.get(f"/v1/merchants/{other.id}/sessions", headers=stranger).json["items"][0]

    assert ask("GET", f"/{mine['id']}").status_code == 404
    assert ask("GET", f"/{staged['id']}", who=stranger).status_code == 404


def test_customers_see_no_sessions(ask, merchant, staged):
    assert ask("GET", who=bearer(make_token(make_customer(merchant)))).status_code == 403


def test_a_full_close_needs_the_version_of_the_preview(ask, merchant, staged):
    make_product(merchant, on_hand=4)
    counted(ask, make_product(merchant, on_hand=4), 4)

    missing = ask("POST", "/live/close", {"scope": "full"})
    moved = ask("POST", "/live/close", {"scope": "full", "version": 0})
    seen = ask("GET", "/staged/preview?scope=full").json["version"]
    done = ask("POST", "/live/close", {"scope": "full", "version": seen})

    assert (missing.status_code, missing.json["code"]) == (422, "version_missing")
    assert (moved.status_code, moved.json["code"], moved.json["version"]) == (409, "version_moved", 1)
    assert (done.status_code, done.json["zeroed"]) == (200, 1)


def test_an_empty_session_is_not_promoted(ask, staged):
    refused = ask("POST", "/live/close", {})

    assert (refused.status_code, refused.json["code"]) == (409, "nothing_counted")


def test_a_close_with_a_key_happens_once(client, merchant, owner, ask, staged):
    counted(ask, make_product(merchant), 4)
    url, key = f"/v1/merchants/{merchant.id}/sessions/live/close", owner | {"Idempotency-Key": "monthly"}

    first = client.post(url, json={}, headers=key)
    again = client.post(url, json={}, headers=key)

    assert again.data == first.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(ask("GET").json["items"]) == 3


def test_closed_sessions_are_listed_compared_and_followed(ask, merchant, staged):
    product, other = make_product(merchant, on_hand=3), make_product(merchant, on_hand=9)
    make_cell(product, 2, "cellar")
    counted(ask, product, 5)
    first = ask("POST", "/live/close", {}).json["closed"]["id"]
    counted(ask, product, 6)
    second = ask("POST", "/live/close", {}).json["closed"]["id"]

    snapshot = ask("GET", f"/{first}/snapshot?limit=2").json
    rest = ask("GET", f"/{first}/snapshot?limit=2&cursor={snapshot['next']}").json
    differing = ask("GET", f"/{first}/compare/{second}").json["items"]
    levels = ask("GET", f"/levels?product={product.id}").json["items"]

    cells = snapshot["items"] + rest["items"]
    assert sorted((row["sku"], row["location"], row["on_hand"]) for row in cells) == sorted(
        [(product.sku, "default", 3), (product.sku, "cellar", 2), (other.sku, "default", 9)]
    )
    assert [(row["sku"], row["first_on_hand"], row["second_on_hand"]) for row in differing] == [(product.sku, 3, 5)]
    assert [(row["session_id"], row["on_hand"]) for row in levels] == [(second, 7), (first, 5)]


def test_only_closed_sessions_have_a_snapshot(ask, staged):
    for rest in ("/live/snapshot", f"/live/compare/{staged['id']}"):
        refused = ask("GET", rest)
        assert (refused.status_code, refused.json["code"]) == (409, "not_closed")


@pytest.mark.parametrize("rest", ["/staged", "/staged/preview"])
def test_a_cursor_that_was_not_given_out_is_refused(ask, staged, rest):
    assert ask("GET", f"{rest}?cursor=abc").json["code"] == "bad_cursor"
    assert ask("GET", f"{rest}?cursor=é").json["code"] == "bad_cursor"
    assert ask("GET", f"{rest}?limit=0").status_code == 422
