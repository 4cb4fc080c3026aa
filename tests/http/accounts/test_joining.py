"""Joining a merchant over HTTP: an account and a membership in one step, by the token of an invitation."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from merchant_api.accounts import attempts
from merchant_api.accounts.models import Member, MemberRole, Merchant, Person
from merchant_api.core import clock
from merchant_api.core.db import session
from tests.make.invitations import make_invitation
from tests.make.people import make_customer, make_member, make_merchant, make_person
from tests.make.tokens import bearer

PASSWORD = "seven singing bowls"
LOGIN = "sita@example.com"


@pytest.fixture
def merchant(client: FlaskClient) -> Merchant:
    return make_merchant()


def join(client: FlaskClient, token: str, **given: Any) -> Any:
    return client.post("/v1/auth/join", json={"token": token, "password": PASSWORD, "name": "Sita", **given})


def people_called(name: str) -> int:
    return session().execute(select(func.count()).where(Person.name == name)).scalar_one()


def test_who_has_no_account_joins_and_is_signed_in_as_a_member(client: FlaskClient, merchant: Merchant) -> None:
    _, token = make_invitation(merchant, LOGIN)

    reply = join(client, token)

    assert (reply.status_code, reply.json["person"]["email"]) == (201, LOGIN)
    mine = client.get("/v1/me", headers=bearer(reply.json["access_token"])).json["memberships"]
    assert [(each["merchant_id"], each["role"]) for each in mine] == [(str(merchant.id), "clerk")]
    again = client.post("/v1/auth/login", json={"login": LOGIN, "password": PASSWORD})
    assert again.status_code == 200


@pytest.mark.parametrize(("invited", "typed"), [(LOGIN, " SITA@Example.com"), ("+9779841234567", "+977 984-1234567")])
def test_the_login_may_be_typed_in_any_spelling(
    client: FlaskClient, merchant: Merchant, invited: str, typed: str
) -> None:
    _, token = make_invitation(merchant, invited)

    reply = join(client, token, login=typed)

    assert reply.status_code == 201
    assert invited in (reply.json["person"]["email"], reply.json["person"]["phone"])


def test_a_token_is_used_once(client: FlaskClient, merchant: Merchant) -> None:
    _, token = make_invitation(merchant, LOGIN)
    join(client, token)

    reply = join(client, token, name="Mallory")

    assert (reply.status_code, reply.json["code"], people_called("Mallory")) == (404, "unknown_invitation", 0)


def test_another_login_than_the_invited_one_is_refused(client: FlaskClient, merchant: Merchant) -> None:
    _, token = make_invitation(merchant, LOGIN)

    reply = join(client, token, login="mallory@example.com")

    assert (reply.status_code, reply.json["code"], people_called("Sita")) == (422, "other_login", 0)


def test_who_has_an_account_signs_in_instead(client: FlaskClient, merchant: Merchant) -> None:
    customer = make_customer(merchant)
    make_person(email=LOGIN)
    tokens = [make_invitation(merchant, LOGIN)[1], make_invitation(merchant, customer)[1]]

    replies = [join(client, token) for token in tokens]

    assert [(reply.status_code, reply.json["code"]) for reply in replies] == [(409, "login_taken")] * 2


def test_an_expired_invitation_makes_no_account(client: FlaskClient, merchant: Merchant) -> None:
    row, token = make_invitation(merchant, LOGIN)

    with clock.clock.pinned(row.expires_at):
        reply = join(client, token)

    assert (reply.status_code, reply.json["code"], people_called("Sita")) == (409, "invitation_expired", 0)


def test_a_void_invitation_makes_no_account(client: FlaskClient, merchant: Merchant) -> None:
    owner = make_member(merchant)
    _, token = make_invitation(merchant, LOGIN, MemberRole.OWNER, by=owner)
    session().execute(delete(Member).where(Member.merchant_id == merchant.id, Member.person_id == owner.id))
    session().commit()

    reply = join(client, token)

    assert (reply.status_code, reply.json["code"], people_called("Sita")) == (409, "invitation_void", 0)


def test_a_weak_password_leaves_the_invitation_open(client: FlaskClient, merchant: Merchant) -> None:
    _, token = make_invitation(merchant, LOGIN)

    weak = [join(client, token, password=password) for password in (LOGIN, "password123", "short")]

    assert {reply.status_code for reply in weak} == {422}
    assert join(client, token).status_code == 201


def test_tokens_cannot_be_tried_without_end(client: FlaskClient, merchant: Merchant) -> None:
    _, token = make_invitation(merchant, LOGIN)
    wrong = token[:-1] + ("A" if token[-1] != "A" else "B")

    codes = [join(client, wrong).json["code"] for _ in range(attempts.PER_ADDRESS + 1)]

    assert codes == ["unknown_invitation"] * attempts.PER_ADDRESS + ["too_many_attempts"]


@pytest.mark.parametrize(
    "given",
    [
        {"token": "x" * 201},
        {"token": 5},
        {"token": None},
        {"name": ""},
        {"login": "no login"},
        {"login": 5},
        {"role": "owner"},
    ],
)
def test_what_is_not_well_formed_is_refused(client: FlaskClient, merchant: Merchant, given: dict[str, Any]) -> None:
    _, token = make_invitation(merchant, LOGIN)

    reply = join(client, **{"token": token, **given})

    assert (reply.status_code, people_called("Sita")) == (422, 0)
