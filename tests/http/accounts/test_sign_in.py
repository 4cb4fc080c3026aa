"""Registering, logging in, refreshing, logging out, and /v1/me, over HTTP."""

import time
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from merchant_api.accounts.models import MemberRole, Person
from merchant_api.accounts.permissions import of_role
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from tests.make.people import make_member, make_merchant, make_person
from tests.make.tokens import bearer, make_key, make_token

PASSWORD = "seven singing bowls"


def register(client: FlaskClient, login: str = "Mina@Example.com", name: str = "Mina") -> Any:
    return client.post("/v1/auth/register", json={"login": login, "password": PASSWORD, "name": name})


def log_in(client: FlaskClient, login: str, password: str = PASSWORD) -> Any:
    return client.post("/v1/auth/login", json={"login": login, "password": password})


def refresh(client: FlaskClient, token: str) -> Any:
    return client.post("/v1/auth/refresh", json={"refresh_token": token})


def test_a_customer_registers_and_is_signed_in(client: FlaskClient) -> None:
    reply = register(client)

    assert reply.status_code == 201
    assert reply.json["person"]["email"] == "mina@example.com"
    assert (reply.json["expires_in"], reply.json["token_type"]) == (900, "Bearer")
    mine = client.get("/v1/me", headers=bearer(reply.json["access_token"]))
    assert mine.json["person"] == reply.json["person"]
    assert (mine.json["memberships"], mine.json["is_staff"]) == ([], False)


@pytest.mark.parametrize(
    ("registered", "typed"),
    [
        ("mina@example.com", " MINA@Example.COM "),
        ("+977 984-1234567", "+9779841234567"),
        ("+9779841234567", "+977 (984) 1234567"),
    ],
)
def test_one_logs_in_however_the_login_is_spelled(client: FlaskClient, registered: str, typed: str) -> None:
    person = register(client, registered).json["person"]

    reply = log_in(client, typed)

    assert reply.status_code == 200
    assert client.get("/v1/me", headers=bearer(reply.json["access_token"])).json["person"] == person


def test_a_login_is_taken_once(client: FlaskClient) -> None:
    register(client)

    reply = register(client, "MINA@example.com", "Another")

    assert (reply.status_code, reply.json["code"]) == (409, "login_taken")


def test_unknown_wrong_and_disabled_get_the_same_answer(client: FlaskClient) -> None:
    person = register(client).json["person"]

    wrong = log_in(client, "mina@example.com", "eight singing bowls")
    unknown = log_in(client, "nobody@example.com")
    session().execute(update(Person).where(Person.id == person["id"]).values(disabled_at=clock.now()))
    session().commit()
    disabled = log_in(client, "mina@example.com")

    for reply in (wrong, unknown, disabled):
        assert (reply.status_code, reply.json["code"]) == (401, "wrong_login")
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert wrong.json["detail"] == unknown.json["detail"] == disabled.json["detail"]


@pytest.mark.parametrize(
    "given",
    [
        {"login": "not a login"},
        {"login": "12345678"},
        {"login": "+977 000"},
        {"login": "a@b"},
        {"login": "x" * 250 + "@example.com"},
        {"login": 5},
        {"login": None},
        {"login": "mina\x00@example.com"},
        {"login": "mina@example.com\nBcc: x@example.com"},
        {"password": "short"},
        {"password": "x" * 201},
        {"password": "Password123"},
        {"password": "zzzzzzzzzz"},
        {"password": "mina@example.com"},
        {"password": ["seven singing bowls"]},
        {"password": "nul \x00 inside it"},
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 201},
        {"name": {"first": "Mina"}},
        {"is_staff": True},
    ],
)
def test_a_registration_that_is_not_valid_is_refused(client: FlaskClient, given: dict[str, Any]) -> None:
    whole = {"login": "mina@example.com", "password": PASSWORD, "name": "Mina", **given}

    reply = client.post("/v1/auth/register", json=whole)

    assert reply.status_code == 422
    assert reply.content_type == "application/problem+json"


@pytest.mark.parametrize("left_out", ["login", "password", "name"])
def test_a_registration_needs_every_field(client: FlaskClient, left_out: str) -> None:
    whole = {"login": "mina@example.com", "password": PASSWORD, "name": "Mina"}
    del whole[left_out]

    reply = client.post("/v1/auth/register", json=whole)

    assert reply.status_code == 422
    assert set(reply.json["errors"]) == {left_out}


def test_spaces_around_a_password_belong_to_it(client: FlaskClient) -> None:
    whole = {"login": "mina@example.com", "password": f" {PASSWORD} ", "name": "Mina"}
    client.post("/v1/auth/register", json=whole)

    assert log_in(client, "mina@example.com", f" {PASSWORD} ").status_code == 200
    assert log_in(client, "mina@example.com", PASSWORD).status_code == 401


def test_refreshing_gives_a_new_pair_and_ends_nothing(client: FlaskClient) -> None:
    first = register(client).json

    second = refresh(client, first["refresh_token"])

    assert second.status_code == 200
    assert second.json["refresh_token"] != first["refresh_token"]
    for pair in (first, second.json):
        assert client.get("/v1/me", headers=bearer(pair["access_token"])).status_code == 200


def test_a_stale_access_token_beside_it_does_not_stop_a_refresh(client: FlaskClient) -> None:
    first = register(client).json

    with clock.clock.pinned(clock.now() + timedelta(hours=1)):
        stale = bearer(first["access_token"])
        reply = client.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]}, headers=stale)

        assert client.get("/v1/me", headers=stale).status_code == 401
        assert reply.status_code == 200


def test_asking_again_within_half_a_minute_gives_the_same_successor(client: FlaskClient) -> None:
    first = register(client).json["refresh_token"]
    start = clock.now()

    with clock.clock.pinned(start):
        successor = refresh(client, first).json["refresh_token"]
    with clock.clock.pinned(start + timedelta(seconds=30)):
        again = refresh(client, first)

    assert (again.status_code, again.json["refresh_token"]) == (200, successor)


def test_a_call_that_waited_for_a_thread_while_the_successor_was_used_comes_along(client: FlaskClient) -> None:
    came_in_at = time.monotonic()
    first = register(client).json["refresh_token"]
    second = refresh(client, first).json
    client.get("/v1/me", headers=bearer(second["access_token"]))

    late = client.post(
        "/v1/auth/refresh", json={"refresh_token": first}, environ_overrides={"orderbell.arrived": came_in_at}
    )

    assert (late.status_code, late.json["refresh_token"]) == (200, second["refresh_token"])


def test_a_spent_token_whose_successor_was_used_ends_the_whole_family_at_once(client: FlaskClient) -> None:
    first = register(client).json
    second = refresh(client, first["refresh_token"]).json
    client.get("/v1/me", headers=bearer(second["access_token"]))

    stolen = refresh(client, first["refresh_token"])

    assert (stolen.status_code, stolen.json["code"]) == (401, "refresh_refused")
    assert client.get("/v1/me", headers=bearer(second["access_token"])).status_code == 401
    assert refresh(client, second["refresh_token"]).status_code == 401


def test_a_spent_token_ends_the_whole_family(client: FlaskClient) -> None:
    first = register(client).json
    start = clock.now()
    with clock.clock.pinned(start):
        second = refresh(client, first["refresh_token"]).json

    with clock.clock.pinned(start + timedelta(seconds=31)):
        reused = refresh(client, first["refresh_token"])

        assert (reused.status_code, reused.json["code"]) == (401, "refresh_refused")
        assert refresh(client, second["refresh_token"]).status_code == 401
        assert client.get("/v1/me", headers=bearer(second["access_token"])).status_code == 401
        assert log_in(client, "mina@example.com").status_code == 200


@pytest.mark.parametrize("token", ["x", "obr_" + "a" * 43, "obr_" + "é" * 43])
def test_a_refresh_token_that_was_not_given_out_is_refused(client: FlaskClient, token: str) -> None:
    assert refresh(client, token).status_code == 401


@pytest.mark.parametrize("given", [{}, {"refresh_token": 5}, {"refresh_token": ""}, {"refresh_token": "x" * 201}])
def test_a_refresh_needs_a_token_of_sensible_size(client: FlaskClient, given: dict[str, Any]) -> None:
    assert client.post("/v1/auth/refresh", json=given).status_code == 422


def test_an_access_token_buys_no_refresh_and_a_refresh_token_opens_nothing(client: FlaskClient) -> None:
    pair = register(client).json

    assert refresh(client, pair["access_token"]).status_code == 401
    assert client.get("/v1/me", headers=bearer(pair["refresh_token"])).status_code == 401


def test_logging_out_ends_this_sign_in_only(client: FlaskClient) -> None:
    here = register(client).json
    elsewhere = log_in(client, "mina@example.com").json

    reply = client.post("/v1/auth/logout", headers=bearer(here["access_token"]))

    assert (reply.status_code, reply.data) == (204, b"")
    assert client.get("/v1/me", headers=bearer(here["access_token"])).status_code == 401
    assert refresh(client, here["refresh_token"]).status_code == 401
    assert client.get("/v1/me", headers=bearer(elsewhere["access_token"])).status_code == 200


def test_logging_out_needs_a_sign_in(client: FlaskClient) -> None:
    assert client.post("/v1/auth/logout").status_code == 401


def test_ten_failures_close_an_account_until_the_first_is_a_quarter_of_an_hour_old(client: FlaskClient) -> None:
    register(client)
    start = clock.now()

    with clock.clock.pinned(start):
        failures = [log_in(client, "mina@example.com", f"wrong number {number}").status_code for number in range(10)]
        refused = log_in(client, "mina@example.com")
        others = log_in(client, "nobody@example.com")
    with clock.clock.pinned(start + timedelta(minutes=15)):
        later = log_in(client, "mina@example.com")

    assert failures == [401] * 10
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_attempts")
    assert refused.headers["Retry-After"] == "900"
    assert others.status_code == 401
    assert later.status_code == 200


def test_me_names_the_merchants_that_one_works_for(client: FlaskClient) -> None:
    merchant = make_merchant(name="Lamp House")
    person = make_member(merchant, MemberRole.CLERK)

    reply = client.get("/v1/me", headers=bearer(make_token(person)))

    told = {"merchant_id": str(merchant.id), "name": "Lamp House", "role": "clerk"}
    assert reply.json["memberships"] == [told | {"permissions": sorted(of_role(Role.CLERK))}]


def test_me_is_for_people_not_for_keys(client: FlaskClient) -> None:
    key = make_key(make_merchant())

    assert client.get("/v1/me").status_code == 401
    assert client.get("/v1/me", headers=bearer(key)).status_code == 403
    assert client.get("/v1/me", headers={"Authorization": "Basic eDp5"}).status_code == 401


def test_a_person_changes_her_name_and_language(client: FlaskClient) -> None:
    headers = bearer(make_token(make_person("Mina")))

    reply = client.patch("/v1/me", json={"name": " Mina Rai ", "locale": "ne"}, headers=headers)
    again = client.patch("/v1/me", json={}, headers=headers)

    assert reply.status_code == 200
    assert (reply.json["person"]["name"], reply.json["person"]["locale"]) == ("Mina Rai", "ne")
    assert again.json == reply.json


@pytest.mark.parametrize(
    "given",
    [{"name": ""}, {"name": None}, {"locale": "klingon"}, {"locale": "../en"}, {"is_staff": True}, {"email": "x@y.zz"}],
)
def test_a_person_cannot_change_what_is_not_hers_to_change(client: FlaskClient, given: dict[str, Any]) -> None:
    reply = client.patch("/v1/me", json=given, headers=bearer(make_token(make_person())))

    assert reply.status_code == 422
