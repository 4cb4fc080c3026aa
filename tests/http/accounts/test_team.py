"""Members and API keys over HTTP."""

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from merchant_api.accounts.models import MemberRole
from merchant_api.core.ids import new_id
from tests.make.people import make_customer, make_member, make_merchant, make_person
from tests.make.tokens import bearer, make_key, make_token


def test_staff_add_a_clerk_by_login_who_has_the_role_at_once(client: FlaskClient) -> None:
    merchant, clerk = make_merchant(), make_person("Sita")
    url, headers = f"/v1/merchants/{merchant.id}/members", bearer(make_token(make_person(is_staff=True)))

    reply = client.post(url, json={"login": (clerk.email or "").upper(), "role": "clerk"}, headers=headers)

    assert reply.status_code == 201
    assert (reply.json["person_id"], reply.json["name"], reply.json["role"]) == (str(clerk.id), "Sita", "clerk")
    assert reply.json in [row | {"token": None} for row in client.get(url, headers=headers).json["items"]]
    mine = client.get("/v1/me", headers=bearer(make_token(clerk))).json["memberships"]
    assert [membership["merchant_id"] for membership in mine] == [str(merchant.id)]


def test_staff_add_the_first_owner_by_id(client: FlaskClient) -> None:
    merchant, owner = make_merchant(), make_person()
    headers = bearer(make_token(make_person(is_staff=True)))
    given = {"person_id": str(owner.id), "role": "owner"}

    reply = client.post(f"/v1/merchants/{merchant.id}/members", json=given, headers=headers)

    assert reply.status_code == 201


def test_staff_are_told_who_is_a_member_already_or_unknown(client: FlaskClient) -> None:
    merchant = make_merchant()
    owner = make_member(merchant)
    url, headers = f"/v1/merchants/{merchant.id}/members", bearer(make_token(make_person(is_staff=True)))

    twice = client.post(url, json={"person_id": str(owner.id), "role": "clerk"}, headers=headers)
    unknown = client.post(url, json={"login": "nobody@example.com", "role": "clerk"}, headers=headers)
    no_id = client.post(url, json={"person_id": str(new_id()), "role": "clerk"}, headers=headers)

    assert (twice.status_code, twice.json["code"]) == (409, "already_member")
    assert (unknown.status_code, unknown.json["code"]) == (404, "unknown_person")
    assert no_id.status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"role": "clerk"},
        {"login": "a@example.com", "person_id": "0190f3a4-0000-7000-8000-000000000000", "role": "clerk"},
        {"login": "a@example.com", "role": "staff"},
        {"login": "a@example.com", "role": ["clerk"]},
        {"login": "a@example.com"},
        {"login": "no login", "role": "clerk"},
        {"person_id": 5, "role": "clerk"},
        {"person_id": "x", "role": "clerk"},
        {"login": None, "role": "clerk"},
    ],
)
def test_a_member_that_is_not_well_named_is_refused(client: FlaskClient, given: dict[str, Any]) -> None:
    merchant = make_merchant()
    headers = bearer(make_token(make_member(merchant)))

    reply = client.post(f"/v1/merchants/{merchant.id}/members", json=given, headers=headers)

    assert reply.status_code == 422


def test_a_removed_member_is_a_stranger_at_the_next_request(client: FlaskClient) -> None:
    merchant = make_merchant()
    headers = bearer(make_token(make_member(merchant)))
    clerk = make_member(merchant, MemberRole.CLERK)
    token = make_token(clerk)
    url = f"/v1/merchants/{merchant.id}/members/{clerk.id}"

    first = client.delete(url, headers=headers)
    second = client.delete(url, headers=headers)

    assert (first.status_code, second.status_code) == (204, 404)
    assert client.get("/v1/me", headers=bearer(token)).json["memberships"] == []


def test_the_last_owner_stays(client: FlaskClient) -> None:
    merchant = make_merchant()
    first = make_member(merchant)
    make_member(merchant, MemberRole.CLERK)
    url, headers = f"/v1/merchants/{merchant.id}/members", bearer(make_token(first))

    refused = client.delete(f"{url}/{first.id}", headers=headers)
    second = make_member(merchant)
    taken = client.delete(f"{url}/{second.id}", headers=headers)

    assert (refused.status_code, refused.json["code"]) == (409, "last_owner")
    assert taken.status_code == 204


def test_members_and_keys_are_the_owners_business(client: FlaskClient) -> None:
    merchant = make_merchant()
    owner = make_member(merchant)
    tokens = {
        "owner": make_token(owner),
        "staff": make_token(make_person(is_staff=True)),
        "clerk": make_token(make_member(merchant, MemberRole.CLERK)),
        "customer": make_token(make_customer(merchant)),
        "another owner": make_token(make_member(make_merchant())),
        "key": make_key(merchant),
        "another key": make_key(make_merchant()),
    }

    for what, row in (("members", owner.id), ("api-keys", new_id())):
        url = f"/v1/merchants/{merchant.id}/{what}"
        read = {who: client.get(url, headers=bearer(token)).status_code for who, token in tokens.items()}
        gone = {who: client.delete(f"{url}/{row}", headers=bearer(token)).status_code for who, token in tokens.items()}

        assert list(read.values()) == [200, 200, 403, 403, 403, 403, 404]
        assert list(gone.values())[2:] == [403, 403, 404, 403, 404]


def test_a_key_is_shown_once_and_works_until_it_is_revoked(client: FlaskClient) -> None:
    merchant = make_merchant()
    url, headers = f"/v1/merchants/{merchant.id}/api-keys", bearer(make_token(make_member(merchant)))

    made = client.post(url, json={"name": "Shop", "permissions": ["merchant.read", "orders.place"]}, headers=headers)
    key = bearer(made.json["key"])

    assert made.status_code == 201
    assert set(made.json) == {"id", "name", "permissions", "key"}
    assert client.get(f"/v1/merchants/{merchant.id}", headers=key).status_code == 200
    assert made.json["key"] not in client.get(url, headers=headers).text
    assert client.delete(f"{url}/{made.json['id']}", headers=headers).status_code == 204
    assert client.delete(f"{url}/{made.json['id']}", headers=headers).status_code == 204
    assert client.get(f"/v1/merchants/{merchant.id}", headers=key).status_code == 401
    assert client.get(url, headers=headers).json["items"][0]["revoked_at"] is not None


def test_a_lost_answer_with_a_key_is_given_again(client: FlaskClient) -> None:
    merchant = make_merchant()
    headers = bearer(make_token(make_member(merchant))) | {"Idempotency-Key": "one"}
    url, given = f"/v1/merchants/{merchant.id}/api-keys", {"name": "Shop", "permissions": ["orders.place"]}

    first = client.post(url, json=given, headers=headers)
    again = client.post(url, json=given, headers=headers)

    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(client.get(url, headers=headers).json["items"]) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"permissions": ["members.edit"]},
        {"permissions": ["keys.edit", "orders.place"]},
        {"permissions": ["merchants.open"]},
        {"permissions": ["everything"]},
        {"permissions": []},
        {"permissions": "orders.place"},
        {"permissions": [None]},
        {"permissions": [{"orders": "place"}]},
        {"permissions": ["x" * 65]},
        {"permissions": ["orders.place"] * 51},
        {"name": "x" * 201},
        {"name": 5},
        {"secret": "mine"},
    ],
)
def test_a_key_that_cannot_be_granted_is_refused(client: FlaskClient, given: dict[str, Any]) -> None:
    merchant = make_merchant()
    headers = bearer(make_token(make_member(merchant)))
    whole = {"name": "Shop", "permissions": ["orders.place"], **given}

    reply = client.post(f"/v1/merchants/{merchant.id}/api-keys", json=whole, headers=headers)

    assert reply.status_code == 422


def test_a_key_of_another_merchant_cannot_be_revoked_by_its_id(client: FlaskClient) -> None:
    merchant, other = make_merchant(), make_merchant()
    key = make_key(other)
    key_id = UUID(hex=key.split("_")[2])
    headers = bearer(make_token(make_member(merchant)))

    reply = client.delete(f"/v1/merchants/{merchant.id}/api-keys/{key_id}", headers=headers)

    assert reply.status_code == 404
    assert client.get(f"/v1/merchants/{other.id}", headers=bearer(key)).status_code == 200
