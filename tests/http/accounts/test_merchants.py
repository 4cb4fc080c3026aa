"""Merchants and their settings over HTTP."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from merchant_api.accounts.models import MemberRole
from merchant_api.core.ids import new_id
from tests.make.people import make_customer, make_member, make_merchant, make_person
from tests.make.tokens import bearer, make_key, make_token


def test_anyone_who_signed_in_lists_merchants_page_by_page(client: FlaskClient) -> None:
    ids = [str(make_merchant(name=name).id) for name in ("Lamps", "Masks", "Bowls")]
    headers = bearer(make_token(make_person()))

    first = client.get("/v1/merchants?limit=2", headers=headers).json
    second = client.get(f"/v1/merchants?limit=2&cursor={first['next']}", headers=headers).json

    assert [merchant["id"] for merchant in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None


def test_a_customer_reads_a_merchants_windows(client: FlaskClient) -> None:
    merchant = make_merchant(respond_window_s=90)

    reply = client.get(f"/v1/merchants/{merchant.id}", headers=bearer(make_token(make_customer(merchant))))

    assert reply.status_code == 200
    assert (reply.json["currency"], reply.json["respond_window_s"]) == ("NPR", 90)


def test_an_owner_changes_settings_and_the_rest_stays(client: FlaskClient) -> None:
    merchant = make_merchant()
    headers = bearer(make_token(make_member(merchant)))
    given = {
        "name": "Lamp House",
        "time_zone": "Europe/Berlin",
        "locale": "de-DE",
        "respond_window_s": 2_592_000,
        "cancel_window_s": 0,
        "pay_grace_s": 0,
        "allowed_terms": ["prepaid", "on_delivery", "prepaid"],
        "default_terms": "prepaid",
        "unpaid_orders_cap": 3,
        "unproven_open_orders": 0,
        "unproven_units": 0,
        "unproven_share_percent": 100,
        "cart_ttl_s": 7_776_000,
    }

    reply = client.patch(f"/v1/merchants/{merchant.id}", json=given, headers=headers)

    assert reply.status_code == 200
    shown = client.get(f"/v1/merchants/{merchant.id}", headers=headers).json
    assert shown == reply.json
    assert shown.items() >= {**given, "allowed_terms": ["on_delivery", "prepaid"], "pay_window_s": 3600}.items()


@pytest.mark.parametrize(
    ("given", "kept"),
    [("es-419", "es-419"), ("en-NP", "en-NP"), ("EN-gb", "en-GB"), ("ca-valencia", "ca-valencia"), ("xx", "xx")],
)
def test_a_language_is_kept_in_its_spelling_whether_or_not_we_speak_it(client: FlaskClient, given: str, kept: str):
    merchant = make_merchant()
    headers = bearer(make_token(make_member(merchant)))

    of_merchant = client.patch(f"/v1/merchants/{merchant.id}", json={"locale": given}, headers=headers)
    of_person = client.patch("/v1/me", json={"locale": given}, headers=headers)

    assert (of_merchant.status_code, of_merchant.json["locale"]) == (200, kept)
    assert (of_person.status_code, of_person.json["person"]["locale"]) == (200, kept)


@pytest.mark.parametrize("zone", ["Asia/Calcutta", "US/Pacific", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_every_name_of_a_zone_is_taken(client: FlaskClient, zone: str):
    merchant = make_merchant()

    reply = client.patch(
        f"/v1/merchants/{merchant.id}", json={"time_zone": zone}, headers=bearer(make_token(make_member(merchant)))
    )

    assert (reply.status_code, reply.json["time_zone"]) == (200, zone)


@pytest.mark.parametrize(
    "given",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"name": "a\x00b"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "localtime"},
        {"time_zone": "Factory"},
        {"time_zone": "asia/kathmandu"},
        {"time_zone": 7},
        {"locale": "en_US.UTF-8"},
        {"locale": "de-419-DE"},
        {"locale": ""},
        {"locale": None},
        {"respond_window_s": 0},
        {"respond_window_s": 2_592_001},
        {"respond_window_s": "60"},
        {"respond_window_s": 60.5},
        {"respond_window_s": True},
        {"respond_window_s": 10**30},
        {"pay_window_s": 0},
        {"pay_window_s": None},
        {"cancel_window_s": -1},
        {"pay_grace_s": 3601},
        {"allowed_terms": []},
        {"allowed_terms": ["on_credit"]},
        {"allowed_terms": "prepaid"},
        {"allowed_terms": [["prepaid"]]},
        {"default_terms": "on_credit"},
        {"default_terms": {}},
        {"unpaid_orders_cap": 0},
        {"unproven_open_orders": -1},
        {"unproven_open_orders": 10_001},
        {"unproven_units": 1_000_001},
        {"unproven_share_percent": 101},
        {"unproven_share_percent": None},
        {"cart_ttl_s": 59},
        {"cart_ttl_s": 7_776_001},
        {"cart_ttl_s": None},
        {"id": "0190f3a4-0000-7000-8000-000000000000"},
    ],
)
def test_settings_that_are_not_valid_are_refused_and_change_nothing(client: FlaskClient, given: dict[str, Any]) -> None:
    merchant = make_merchant()
    headers = bearer(make_token(make_member(merchant)))
    before = client.get(f"/v1/merchants/{merchant.id}", headers=headers).json

    reply = client.patch(f"/v1/merchants/{merchant.id}", json={"pay_grace_s": 5, **given}, headers=headers)

    assert (reply.status_code, reply.content_type) == (422, "application/problem+json")
    assert client.get(f"/v1/merchants/{merchant.id}", headers=headers).json == before


def test_the_default_terms_are_among_the_allowed_whichever_is_changed(client: FlaskClient) -> None:
    merchant = make_merchant(allowed_terms=["prepaid"])
    url, headers = f"/v1/merchants/{merchant.id}", bearer(make_token(make_member(merchant)))

    refused = client.patch(url, json={"default_terms": "on_delivery"}, headers=headers)
    taken = client.patch(url, json={"default_terms": "prepaid"}, headers=headers)
    narrowed = client.patch(url, json={"allowed_terms": ["on_delivery"]}, headers=headers)
    opened = client.patch(url, json={"allowed_terms": None}, headers=headers)

    assert (refused.status_code, refused.json["code"]) == (422, "terms_not_allowed")
    assert taken.status_code == 200
    assert narrowed.status_code == 422
    assert opened.json["allowed_terms"] is None


def test_only_owners_and_staff_change_settings(client: FlaskClient) -> None:
    merchant = make_merchant()
    url = f"/v1/merchants/{merchant.id}"
    tokens = {
        "owner": make_token(make_member(merchant)),
        "staff": make_token(make_person(is_staff=True)),
        "clerk": make_token(make_member(merchant, MemberRole.CLERK)),
        "customer": make_token(make_customer(merchant)),
        "another owner": make_token(make_member(make_merchant())),
        "key": make_key(merchant),
        "another key": make_key(make_merchant()),
    }

    got = {who: client.patch(url, json={}, headers=bearer(token)).status_code for who, token in tokens.items()}

    assert got == {
        "owner": 200,
        "staff": 200,
        "clerk": 403,
        "customer": 403,
        "another owner": 403,
        "key": 403,
        "another key": 404,
    }
    assert client.patch(url, json={}).status_code == 401


def test_an_unknown_merchant_is_not_found(client: FlaskClient) -> None:
    headers = bearer(make_token(make_person(is_staff=True)))

    assert client.get(f"/v1/merchants/{new_id()}", headers=headers).status_code == 404
    assert client.get("/v1/merchants/not-an-id", headers=headers).status_code == 404


def test_a_key_lists_no_merchants(client: FlaskClient) -> None:
    assert client.get("/v1/merchants", headers=bearer(make_key(make_merchant()))).status_code == 403


def test_a_merchant_that_is_opened_twice_with_one_key_is_one(client: FlaskClient) -> None:
    staff, other = (bearer(make_token(make_person(is_staff=True))) for _ in range(2))
    shop = {"name": "Lamps", "time_zone": "Asia/Kathmandu", "currency": "NPR"}
    key = {"Idempotency-Key": "open-1"}

    first, again = (client.post("/v1/merchants", json=shop, headers=staff | key) for _ in range(2))
    changed = client.post("/v1/merchants", json=shop | {"name": "Masks"}, headers=staff | key)
    theirs = client.post("/v1/merchants", json=shop, headers=other | key)

    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (201, 201, "true")
    assert again.data == first.data
    assert (changed.status_code, changed.json["code"]) == (422, "idempotency_key_reused")
    assert (theirs.status_code, theirs.json["id"] == first.json["id"]) == (201, False)
