"""A change of password over HTTP: it needs the current one, ends all other sign-ins of the person, and only hers."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.make.people import make_person
from tests.make.tokens import bearer, make_token

PASSWORD, FRESH = "seven singing bowls", "eleven brass lamps"
LOGIN = "mina@example.com"


def register(client: FlaskClient, login: str = LOGIN) -> Any:
    return client.post("/v1/auth/register", json={"login": login, "password": PASSWORD, "name": "Mina"}).json


def log_in(client: FlaskClient, password: str, login: str = LOGIN) -> Any:
    return client.post("/v1/auth/login", json={"login": login, "password": password})


def refresh(client: FlaskClient, pair: Any) -> int:
    return client.post("/v1/auth/refresh", json={"refresh_token": pair["refresh_token"]}).status_code


def look(client: FlaskClient, pair: Any) -> int:
    return client.get("/v1/me", headers=bearer(pair["access_token"])).status_code


def change(client: FlaskClient, pair: Any, current: str = PASSWORD, fresh: Any = FRESH, **more: Any) -> Any:
    given = {"password": fresh, "current_password": current, **more}
    return client.patch("/v1/me", json=given, headers=bearer(pair["access_token"]))


def test_a_stolen_sign_in_ends_with_the_password_and_this_one_goes_on(client: FlaskClient) -> None:
    here, stolen, third = register(client), log_in(client, PASSWORD).json, log_in(client, PASSWORD).json

    reply = change(client, here)

    assert (reply.status_code, reply.json["ended_sign_ins"]) == (200, 2)
    assert reply.json["person"] == here["person"]
    assert [look(client, pair) for pair in (here, stolen, third)] == [200, 401, 401]
    assert [refresh(client, pair) for pair in (here, stolen, third)] == [200, 401, 401]
    assert (log_in(client, PASSWORD).status_code, log_in(client, FRESH).status_code) == (401, 200)


def test_a_change_of_password_leaves_other_people_alone(client: FlaskClient) -> None:
    here, other = register(client), register(client, "sita@example.com")

    change(client, here)

    assert (look(client, other), refresh(client, other)) == (200, 200)
    assert log_in(client, PASSWORD, "sita@example.com").status_code == 200


def test_a_wrong_current_password_changes_nothing(client: FlaskClient) -> None:
    here, elsewhere = register(client), log_in(client, PASSWORD).json

    reply = change(client, here, "eight singing bowls", name="Somebody")

    assert (reply.status_code, reply.json["code"]) == (403, "wrong_password")
    assert client.get("/v1/me", headers=bearer(here["access_token"])).json["person"]["name"] == "Mina"
    assert (look(client, elsewhere), log_in(client, PASSWORD).status_code) == (200, 200)


def test_guessing_the_current_password_counts_as_guessing_a_login(client: FlaskClient) -> None:
    here = register(client)

    guesses = [change(client, here, f"wrong number {number}").status_code for number in range(10)]
    more = change(client, here)

    assert guesses == [403] * 10
    assert (more.status_code, more.json["code"]) == (429, "too_many_attempts")
    assert look(client, here) == 200


def test_what_is_refused_before_the_password_is_looked_at_counts_as_no_guess(client: FlaskClient) -> None:
    here = register(client)

    refused = [change(client, here, fresh=each).status_code for each in (PASSWORD, "password123") for _ in range(6)]

    assert refused == [422] * 12
    assert change(client, here).status_code == 200


def test_a_right_password_starts_the_count_anew(client: FlaskClient) -> None:
    here = register(client)
    for number in range(9):
        change(client, here, f"wrong number {number}")

    assert change(client, here).status_code == 200
    assert change(client, here, "wrong again").status_code == 403
    assert log_in(client, FRESH).status_code == 200


@pytest.mark.parametrize(
    ("fresh", "code"),
    [
        (PASSWORD, "same_password"),
        ("\uff53even singing bowls", "same_password"),
        ("password123", "weak_password"),
        (LOGIN, "weak_password"),
        ("short", "invalid"),
        ("x" * 201, "invalid"),
        (None, "invalid"),
        (["a list of letters"], "invalid"),
    ],
)
def test_a_password_that_is_no_change_or_no_good_is_refused(client: FlaskClient, fresh: Any, code: str) -> None:
    here, elsewhere = register(client), log_in(client, PASSWORD).json

    reply = change(client, here, fresh=fresh)

    assert (reply.status_code, reply.json["code"]) == (422, code)
    assert (look(client, elsewhere), log_in(client, PASSWORD).status_code) == (200, 200)


@pytest.mark.parametrize(
    ("given", "missing"), [({"password": FRESH}, "current_password"), ({"current_password": PASSWORD}, "password")]
)
def test_a_change_of_password_needs_both(client: FlaskClient, given: dict[str, str], missing: str) -> None:
    reply = client.patch("/v1/me", json=given, headers=bearer(register(client)["access_token"]))

    assert reply.status_code == 422
    assert set(reply.json["errors"]) == {missing}


def test_name_and_language_change_along_with_it(client: FlaskClient) -> None:
    reply = change(client, register(client), name="Mina Rai", locale="ne")

    assert (reply.json["person"]["name"], reply.json["person"]["locale"]) == ("Mina Rai", "ne")
    assert log_in(client, FRESH).status_code == 200


def test_the_same_change_sent_again_is_told_that_the_password_is_wrong(client: FlaskClient) -> None:
    here = register(client)
    given = {"password": FRESH, "current_password": PASSWORD}
    headers = bearer(here["access_token"]) | {"Idempotency-Key": "one"}

    replies = [client.patch("/v1/me", json=given, headers=headers) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [200, 403]
    assert (look(client, here), log_in(client, FRESH).status_code) == (200, 200)


def test_other_changes_end_no_sign_in(client: FlaskClient) -> None:
    person = make_person("Mina")
    here, elsewhere = make_token(person), make_token(person)

    reply = client.patch("/v1/me", json={"name": "Mina Rai"}, headers=bearer(here))

    assert reply.json["ended_sign_ins"] == 0
    assert client.get("/v1/me", headers=bearer(elsewhere)).status_code == 200
