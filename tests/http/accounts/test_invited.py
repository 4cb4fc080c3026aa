"""Answering an invitation over HTTP: who may, until when, with or without the token."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from merchant_api.accounts.models import Member, MemberRole, Merchant, Person
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from tests.make.invitations import make_invitation
from tests.make.people import make_customer, make_member, make_merchant, make_person
from tests.make.tokens import bearer, make_token

MINE = "/v1/me/invitations"


@pytest.fixture
def merchant(client: FlaskClient) -> Merchant:
    return make_merchant()


def answer(client: FlaskClient, merchant: Merchant, person: Person, word: str = "accept", **body: Any) -> Any:
    headers = bearer(make_token(person))
    return client.post(f"{MINE}/{merchant.id}/{word}", json=body or None, headers=headers)


def mine(client: FlaskClient, person: Person) -> list[Any]:
    return client.get(MINE, headers=bearer(make_token(person))).json["items"]


def works_for(client: FlaskClient, person: Person) -> list[tuple[str, str]]:
    memberships = client.get("/v1/me", headers=bearer(make_token(person))).json["memberships"]
    return [(each["merchant_id"], each["role"]) for each in memberships]


def test_who_is_invited_sees_it_accepts_and_has_the_role(client: FlaskClient, merchant: Merchant) -> None:
    clerk = make_person("Sita")
    make_invitation(merchant, clerk.email or "")
    seen = mine(client, clerk)

    reply = answer(client, merchant, clerk)

    assert [(one["merchant_id"], one["name"], one["role"]) for one in seen] == [
        (str(merchant.id), merchant.name, "clerk")
    ]
    assert (reply.status_code, reply.json["role"], reply.json["name"]) == (200, "clerk", merchant.name)
    assert "orders.decide" in reply.json["permissions"]
    assert works_for(client, clerk) == [(str(merchant.id), "clerk")]
    assert mine(client, clerk) == []


def test_once_accepted_the_inviter_sees_a_member(client: FlaskClient, merchant: Merchant) -> None:
    owner, clerk = make_member(merchant), make_person("Sita")
    make_invitation(merchant, clerk.email or "", by=owner)

    answer(client, merchant, clerk)

    url, headers = f"/v1/merchants/{merchant.id}/members", bearer(make_token(owner))
    listed = {row["id"]: row for row in client.get(url, headers=headers).json["items"]}
    shown = listed[str(clerk.id)]
    assert (shown["state"], shown["name"], shown["email"]) == ("member", "Sita", clerk.email)
    assert len(listed) == 2


def test_a_customer_who_was_named_by_id_accepts(client: FlaskClient, merchant: Merchant) -> None:
    customer = make_customer(merchant)
    make_invitation(merchant, customer, MemberRole.OWNER)

    assert answer(client, merchant, customer).status_code == 200
    assert works_for(client, customer) == [(str(merchant.id), "owner")]


def test_accepting_again_tells_the_same(client: FlaskClient, merchant: Merchant) -> None:
    clerk = make_person()
    make_invitation(merchant, clerk.email or "")
    headers = bearer(make_token(clerk)) | {"Idempotency-Key": "one"}
    url = f"{MINE}/{merchant.id}/accept"

    first, again = (client.post(url, headers=headers) for _ in range(2))

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.data == first.data


def test_nobody_else_may_answer_and_the_invitation_stays(client: FlaskClient, merchant: Merchant) -> None:
    clerk, other = make_person(), make_person()
    _, token = make_invitation(merchant, clerk.email or "")

    replies = [
        answer(client, merchant, other, word, **body)
        for word in ("accept", "refuse")
        for body in ({}, {"token": token})
    ]

    assert {(reply.status_code, reply.json["code"]) for reply in replies} == {(404, "unknown_invitation")}
    assert (mine(client, other), len(mine(client, clerk))) == ([], 1)


def test_who_registered_after_the_invitation_shows_the_token(client: FlaskClient, merchant: Merchant) -> None:
    _, token = make_invitation(merchant, "sita@example.com")
    younger = make_person("Sita", email="sita@example.com")

    refused = [answer(client, merchant, younger, word) for word in ("accept", "refuse")]
    needs = [one["needs_token"] for one in mine(client, younger)]
    taken = answer(client, merchant, younger, token=token)

    assert [(each.status_code, each.json["code"]) for each in refused] == [(403, "invitation_token_needed")] * 2
    assert (needs, taken.status_code) == ([True], 200)


def test_renewing_makes_nobodys_account_older(client: FlaskClient, merchant: Merchant) -> None:
    owner = make_member(merchant)
    make_invitation(merchant, "sita@example.com", by=owner)
    younger = make_person("Sita", email="sita@example.com")
    headers = bearer(make_token(owner))

    given = {"login": "sita@example.com", "role": "clerk"}
    renewed = client.post(f"/v1/merchants/{merchant.id}/members", json=given, headers=headers).json

    assert answer(client, merchant, younger).json["code"] == "invitation_token_needed"
    assert answer(client, merchant, younger, token=renewed["token"]).status_code == 200


@pytest.mark.parametrize("kind", ["renewed", "of another", "secret of another", "text"])
def test_a_token_that_is_not_the_last_one_opens_nothing(client: FlaskClient, merchant: Merchant, kind: str) -> None:
    owner = make_member(merchant)
    _, token = make_invitation(merchant, "sita@example.com", by=owner)
    _, other = make_invitation(make_merchant(), "sita@example.com")
    younger = make_person("Sita", email="sita@example.com")
    shown = {"renewed": token, "of another": other, "text": "x"}
    shown["secret of another"] = "_".join([*token.split("_")[:3], *other.split("_")[3:]])
    if kind == "renewed":
        given = {"login": "sita@example.com", "role": "clerk"}
        client.post(f"/v1/merchants/{merchant.id}/members", json=given, headers=bearer(make_token(owner)))

    reply = answer(client, merchant, younger, token=shown[kind])

    assert (reply.status_code, reply.json["code"]) == (404, "unknown_invitation")
    assert works_for(client, younger) == []


def test_an_expired_invitation_is_not_shown_and_cannot_be_accepted(client: FlaskClient, merchant: Merchant) -> None:
    clerk = make_person()
    row, _ = make_invitation(merchant, clerk.email or "")

    with clock.clock.pinned(row.expires_at):
        seen, reply = mine(client, clerk), answer(client, merchant, clerk)
    with clock.clock.pinned(row.expires_at - timedelta(microseconds=1)):
        in_time = answer(client, merchant, clerk)

    assert (seen, reply.status_code, reply.json["code"]) == ([], 409, "invitation_expired")
    assert in_time.status_code == 200


@pytest.mark.parametrize("change", ["removed", "a clerk", "without the right", "disabled"])
def test_an_invitation_is_void_when_who_made_it_could_not_make_it_now(
    client: FlaskClient, merchant: Merchant, change: str
) -> None:
    owner, other, clerk = make_member(merchant), make_member(merchant), make_person()
    make_invitation(merchant, clerk.email or "", by=owner)
    his = (Member.merchant_id == merchant.id, Member.person_id == owner.id)
    changes = {
        "removed": delete(Member).where(*his),
        "a clerk": update(Member).where(*his).values(role="clerk"),
        "without the right": update(Member).where(*his).values(withheld=["orders.decide"]),
        "disabled": update(Person).where(Person.id == owner.id).values(disabled_at=clock.now()),
    }
    session().execute(changes[change])
    session().commit()

    reply = answer(client, merchant, clerk)

    assert (reply.status_code, reply.json["code"], mine(client, clerk)) == (409, "invitation_void", [])
    listed = client.get(f"/v1/merchants/{merchant.id}/members", headers=bearer(make_token(other))).json["items"]
    assert [row["state"] for row in listed if row["state"] != "member"] == ["void"]


def test_a_refused_invitation_is_gone(client: FlaskClient, merchant: Merchant) -> None:
    clerk = make_person()
    make_invitation(merchant, clerk.email or "")

    first, second = (answer(client, merchant, clerk, "refuse") for _ in range(2))

    assert (first.status_code, second.status_code) == (204, 404)
    assert answer(client, merchant, clerk).json["code"] == "unknown_invitation"
    assert works_for(client, clerk) == []


def test_of_two_invitations_the_one_that_holds_longest_counts(client: FlaskClient, merchant: Merchant) -> None:
    clerk = make_customer(merchant)
    make_invitation(merchant, clerk.email or "", MemberRole.OWNER)
    with clock.clock.pinned(clock.now() + timedelta(hours=1)):
        make_invitation(merchant, clerk, MemberRole.CLERK)

    reply = answer(client, merchant, clerk)

    assert (reply.json["role"], mine(client, clerk)) == ("clerk", [])


def test_an_invitation_is_to_one_merchant(client: FlaskClient, merchant: Merchant) -> None:
    clerk, other = make_person(), make_merchant()
    make_invitation(merchant, clerk.email or "")

    assert answer(client, other, clerk).status_code == 404
    unknown = client.post(f"{MINE}/{new_id()}/accept", headers=bearer(make_token(clerk)))
    assert (unknown.status_code, works_for(client, clerk)) == (404, [])


def test_invitations_come_page_by_page(client: FlaskClient) -> None:
    clerk = make_person()
    merchants = [make_merchant() for _ in range(3)]
    for each in merchants:
        make_invitation(each, clerk.email or "")
    headers = bearer(make_token(clerk))

    first = client.get(f"{MINE}?limit=2", headers=headers).json
    last = client.get(f"{MINE}?limit=2&cursor={first['next']}", headers=headers).json

    seen = [one["merchant_id"] for one in first["items"] + last["items"]]
    assert (seen, last["next"]) == ([str(each.id) for each in reversed(merchants)], None)


@pytest.mark.parametrize("body", [{"token": 5}, {"token": ""}, {"token": "x" * 201}, {"role": "owner"}])
def test_an_answer_that_is_not_well_formed_is_refused(client: FlaskClient, merchant: Merchant, body: Any) -> None:
    clerk = make_person()
    make_invitation(merchant, clerk.email or "")

    assert answer(client, merchant, clerk, **body).status_code == 422
    assert len(mine(client, clerk)) == 1
