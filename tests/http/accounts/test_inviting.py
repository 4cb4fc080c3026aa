"""Inviting to a merchant's team over HTTP: what the inviter is shown, renewing, withdrawing, and who may."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from merchant_api.accounts.models import MemberRole, Merchant, Person
from merchant_api.core import clock
from merchant_api.core.ids import new_id
from tests.make.invitations import make_invitation
from tests.make.people import make_customer, make_member, make_merchant, make_person
from tests.make.tokens import bearer, make_token

TOLD = {"id", "token", "login", "person_id", "created_at", "expires_at"}


class Team:
    """A merchant with an owner, who invites."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.merchant: Merchant = make_merchant()
        self.owner: Person = make_member(self.merchant)
        self.url = f"/v1/merchants/{self.merchant.id}/members"
        self.headers = bearer(make_token(self.owner))

    def invite(self, role: str = "clerk", headers: dict[str, str] | None = None, **who: Any) -> Any:
        return self.client.post(self.url, json={"role": role, **who}, headers=headers or self.headers)

    def listed(self, **query: Any) -> list[Any]:
        return self.client.get(self.url, query_string=query, headers=self.headers).json["items"]

    def withdraw(self, member_id: Any) -> int:
        return self.client.delete(f"{self.url}/{member_id}", headers=self.headers).status_code


@pytest.fixture
def team(client: FlaskClient) -> Team:
    return Team(client)


def test_whom_an_owner_adds_is_invited_and_has_no_rights(client: FlaskClient, team: Team) -> None:
    clerk = make_person("Sita")

    reply = team.invite(login=clerk.email)

    assert (reply.status_code, reply.json["state"], reply.json["role"]) == (201, "invited", "clerk")
    assert (reply.json["permissions"], reply.json["granted"], reply.json["withheld"]) == ([], [], [])
    headers = bearer(make_token(clerk))
    assert client.get("/v1/me", headers=headers).json["memberships"] == []
    assert client.get(f"/v1/merchants/{team.merchant.id}/availability", headers=headers).status_code == 403


def test_the_answer_does_not_tell_whether_anybody_signs_in_so(team: Team) -> None:
    disabled = make_person("Gone")
    disabled.disabled_at = clock.now()
    logins = [make_person("Sita").email, disabled.email, "nobody@example.com", "+9779841234567"]

    replies = [team.invite(login=login) for login in logins]

    told = [{name: value for name, value in reply.json.items() if name not in TOLD} for reply in replies]
    assert [reply.status_code for reply in replies] == [201] * 4
    assert told == [told[0]] * 4
    assert [reply.json["login"] for reply in replies] == logins
    assert {reply.json["person_id"] for reply in replies} == {None}
    assert "Sita" not in replies[0].text


def test_of_the_invited_the_list_shows_what_was_typed_and_nothing_else(team: Team) -> None:
    known, customer = make_person("Sita", phone="+9779841234567"), make_customer(team.merchant, "Chandra")
    made = [team.invite(login=known.email).json, team.invite(person_id=str(customer.id)).json]

    listed = [row for row in team.listed() if row["state"] == "invited"]

    assert listed == [{name: value for name, value in one.items() if name != "token"} for one in reversed(made)]
    assert [(row["login"], row["person_id"]) for row in listed] == [(None, str(customer.id)), (known.email, None)]
    assert {row[name] for row in listed for name in ("name", "email", "phone")} == {None}


def test_members_and_invitations_are_one_list_page_by_page(client: FlaskClient, team: Team) -> None:
    for number in range(3):
        team.invite(login=f"clerk{number}@example.com")
        make_member(team.merchant, MemberRole.CLERK)
    found, cursor = [], None
    while cursor is not None or not found:
        query = {"limit": 2} | ({} if cursor is None else {"cursor": cursor})
        page = client.get(team.url, query_string=query, headers=team.headers).json
        found += page["items"]
        cursor = page["next"]

    assert found == team.listed()
    assert [row["state"] for row in found].count("invited") == 3
    assert len({row["id"] for row in found}) == len(found) == 7


def test_an_owner_names_by_id_only_customers_of_his_own(team: Team) -> None:
    own, stranger = make_customer(team.merchant), make_person()
    theirs, colleague = make_customer(make_merchant()), make_member(make_merchant())

    replies = [team.invite(person_id=str(each)) for each in (stranger.id, theirs.id, colleague.id, new_id())]
    taken = team.invite(person_id=str(own.id))

    assert {(reply.status_code, reply.json["code"]) for reply in replies} == {(404, "unknown_person")}
    assert len({reply.json["detail"] for reply in replies}) == 1
    assert (taken.status_code, taken.json["person_id"]) == (201, str(own.id))


def test_who_is_a_member_already_is_not_invited(team: Team) -> None:
    clerk = make_member(team.merchant, MemberRole.CLERK)

    replies = [team.invite(person_id=str(clerk.id)), team.invite(login=(clerk.email or "").upper())]

    assert [(reply.status_code, reply.json["code"]) for reply in replies] == [(409, "already_member")] * 2


def test_inviting_again_renews_whatever_the_spelling_and_changes_the_role(client: FlaskClient, team: Team) -> None:
    first = team.invite(login="+977 984-1234567").json
    with clock.clock.pinned(clock.now() + timedelta(days=13)):
        again = team.invite(login=" +977 (984) 1234567", role="owner").json

    assert (again["id"], again["login"], again["role"]) == (first["id"], "+9779841234567", "owner")
    assert (again["created_at"], again["expires_at"] > first["expires_at"]) == (first["created_at"], True)
    assert again["token"] != first["token"]
    assert [row["id"] for row in team.listed()].count(first["id"]) == 1


def test_an_invitation_expires_after_14_days_and_is_renewed(team: Team) -> None:
    made = team.invite(login="clerk@example.com").json

    with clock.clock.pinned(clock.now() + timedelta(days=14, seconds=1)):
        states = [row["state"] for row in team.listed() if row["id"] == made["id"]]
        again = team.invite(login="clerk@example.com")

    assert states == ["expired"]
    assert (again.status_code, again.json["state"], again.json["id"]) == (201, "invited", made["id"])


def test_an_invitation_is_withdrawn_by_its_id_or_by_that_of_the_customer(team: Team) -> None:
    customer = make_customer(team.merchant)
    by_login, by_id = team.invite(login="clerk@example.com").json, team.invite(person_id=str(customer.id)).json

    gone = [team.withdraw(by_login["id"]), team.withdraw(by_login["id"]), team.withdraw(customer.id)]

    assert gone == [204, 404, 204]
    assert {by_login["id"], by_id["id"]} & {row["id"] for row in team.listed()} == set()


def test_an_invitation_of_another_merchant_is_not_found(team: Team) -> None:
    other = make_merchant()
    row, _ = make_invitation(other, "clerk@example.com")

    assert team.withdraw(row.id) == 404
    assert row.id not in {each["id"] for each in team.listed()}


def test_nobody_invites_or_withdraws_beyond_what_she_may_do(client: FlaskClient, team: Team) -> None:
    clerk = make_member(team.merchant, MemberRole.CLERK)
    granted = {"granted": ["members.edit"]}
    client.patch(f"{team.url}/{clerk.id}", json=granted, headers=team.headers)
    headers = bearer(make_token(clerk))
    owner_to_be = team.invite(login="boss@example.com", role="owner").json

    refused = [
        team.invite(login="other@example.com", role="owner", headers=headers),
        team.invite(login="boss@example.com", role="clerk", headers=headers),
        client.delete(f"{team.url}/{owner_to_be['id']}", headers=headers),
    ]
    allowed = team.invite(login="other@example.com", headers=headers)

    assert [(reply.status_code, reply.json["code"]) for reply in refused] == [(403, "above_you")] * 3
    assert (allowed.status_code, allowed.json["state"]) == (201, "invited")


def test_a_lost_answer_of_inviting_is_given_again_with_its_token(team: Team) -> None:
    headers = team.headers | {"Idempotency-Key": "one"}

    first, again = (team.invite(login="clerk@example.com", headers=headers) for _ in range(2))

    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"


def test_staff_who_add_somebody_invited_leave_no_invitation(team: Team) -> None:
    clerk = make_customer(team.merchant)
    team.invite(login=clerk.email)
    team.invite(person_id=str(clerk.id))

    added = team.invite(login=clerk.email, headers=bearer(make_token(make_person(is_staff=True))))

    assert (added.status_code, added.json["state"], added.json["token"]) == (201, "member", None)
    assert (added.json["id"], added.json["email"]) == (str(clerk.id), clerk.email)
    assert [row["state"] for row in team.listed()] == ["member", "member"]
