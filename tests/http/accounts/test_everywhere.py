"""Signing out everywhere: every sign-in of the person is over, no phone of hers is rung, and nobody else notices."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from merchant_api.accounts.models import Person
from merchant_api.alerts import audience
from merchant_api.core.db import session
from tests.make.people import make_person
from tests.make.tokens import bearer, make_token

PASSWORD = "seven singing bowls"


def log_in(client: FlaskClient, login: str) -> Any:
    return client.post("/v1/auth/login", json={"login": login, "password": PASSWORD}).json


def register(client: FlaskClient, login: str) -> Any:
    return client.post("/v1/auth/register", json={"login": login, "password": PASSWORD, "name": "Mina"}).json


def put_phone(client: FlaskClient, token: str, name: str) -> None:
    phone = {"kind": "fcm_fid", "address": f"fid-of-{name}"}
    assert client.put(f"/v1/me/devices/{name}", json=phone, headers=bearer(token)).status_code == 200


def rung(person: Person) -> list[str]:
    session().expire_all()
    return [device.installation for device in audience.devices_of([person.id]).get(person.id, [])]


def test_every_token_of_every_sign_in_is_dead_at_once(client: FlaskClient) -> None:
    pairs = [register(client, "mina@example.com"), *(log_in(client, "mina@example.com") for _ in range(2))]

    reply = client.post("/v1/auth/logout", json={"everywhere": True}, headers=bearer(pairs[0]["access_token"]))

    assert (reply.status_code, reply.data) == (204, b"")
    for pair in pairs:
        assert client.get("/v1/me", headers=bearer(pair["access_token"])).status_code == 401
        again = client.post("/v1/auth/refresh", json={"refresh_token": pair["refresh_token"]})
        assert again.status_code == 401
    assert "access_token" in log_in(client, "mina@example.com")


def test_signing_out_everywhere_leaves_other_people_alone(client: FlaskClient) -> None:
    here, other = register(client, "mina@example.com"), register(client, "sita@example.com")

    client.post("/v1/auth/logout", json={"everywhere": True}, headers=bearer(here["access_token"]))

    assert client.get("/v1/me", headers=bearer(other["access_token"])).status_code == 200
    assert client.post("/v1/auth/refresh", json={"refresh_token": other["refresh_token"]}).status_code == 200


def test_no_phone_of_hers_is_rung_afterwards_but_those_of_others(client: FlaskClient) -> None:
    person, other = make_person("Asha"), make_person("Bina")
    here, there = make_token(person), make_token(person)
    for token, name in ((here, "here"), (there, "there"), (make_token(other), "other")):
        put_phone(client, token, name)

    client.post("/v1/auth/logout", json={"everywhere": True}, headers=bearer(here))

    assert (rung(person), rung(other)) == ([], ["other"])


@pytest.mark.parametrize("body", [None, {}, {"everywhere": False}])
def test_without_the_word_only_this_sign_in_ends(client: FlaskClient, body: dict[str, Any] | None) -> None:
    person = make_person("Asha")
    here, there = make_token(person), make_token(person)

    reply = client.post("/v1/auth/logout", json=body, headers=bearer(here)) if body is not None else None
    reply = reply or client.post("/v1/auth/logout", headers=bearer(here))

    assert reply.status_code == 204
    assert client.get("/v1/me", headers=bearer(here)).status_code == 401
    assert client.get("/v1/me", headers=bearer(there)).status_code == 200


@pytest.mark.parametrize("body", [{"everywhere": "true"}, {"everywhere": 1}, {"everywhere": None}, {"where": True}])
def test_a_word_that_is_not_understood_ends_nothing(client: FlaskClient, body: dict[str, Any]) -> None:
    token = make_token(make_person("Asha"))

    assert client.post("/v1/auth/logout", json=body, headers=bearer(token)).status_code == 422
    assert client.get("/v1/me", headers=bearer(token)).status_code == 200


def test_a_changed_password_silences_the_phones_of_the_other_sign_ins(client: FlaskClient) -> None:
    here, there = register(client, "mina@example.com"), log_in(client, "mina@example.com")
    for pair, name in ((here, "here"), (there, "there")):
        put_phone(client, pair["access_token"], name)
    given = {"password": "eleven brass lamps", "current_password": PASSWORD}

    client.patch("/v1/me", json=given, headers=bearer(here["access_token"]))

    items = client.get("/v1/me/devices", headers=bearer(here["access_token"])).json["items"]
    assert [device["installation"] for device in items] == ["here"]
