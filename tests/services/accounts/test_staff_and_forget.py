"""Staff from the command line, and what is not kept."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from merchant_api.accounts import attempts, enter, forget, networks, sign_in, staff
from merchant_api.accounts.authenticate import authenticate
from merchant_api.accounts.enter import Credentials
from merchant_api.accounts.errors import LoginTaken, PasswordTooShort, WeakPassword
from merchant_api.accounts.renew import renew
from merchant_api.accounts.sign_in_models import AccessToken, KnownNetwork, LoginAttempt, RefreshToken, SignIn
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import Model, in_transaction, session
from merchant_api.core.errors import Invalid
from tests.make.people import make_person

PASSWORD = "seven singing bowls"


def rows(table: type[Model]) -> int:
    return session().execute(select(func.count()).select_from(table)).scalar_one()


def test_staff_sign_in_as_staff(database: Flask) -> None:
    in_transaction(lambda: staff.add_staff("Staff@Example.com", "Devi", PASSWORD))

    pair = enter.log_in(Credentials("staff@example.com", PASSWORD), "192.0.2.1")

    assert authenticate(pair.access_token, None).role is Role.STAFF


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("short", Invalid),
        ("x" * 201, Invalid),
        ("xk29fjqpz", PasswordTooShort),
        ("password123", WeakPassword),
        ("Staff@Example.com", WeakPassword),
    ],
)
def test_staff_need_a_longer_password_that_is_hard_to_guess(
    database: Flask, password: str, refusal: type[Invalid]
) -> None:
    with pytest.raises(refusal):
        staff.add_staff("staff@example.com", "Devi", password)


def test_a_customer_does_not_become_staff_by_the_same_login(database: Flask) -> None:
    make_person(email="asha@example.com")

    with pytest.raises(LoginTaken):
        staff.add_staff("asha@example.com", "Asha", PASSWORD)


def test_tidying_keeps_what_still_counts(database: Flask) -> None:
    person, start = make_person(), clock.now()
    living, ended = (in_transaction(lambda: sign_in.begin(person.id)) for _ in range(2))
    sign_in.end(ended.access_token)
    attempts.admit("asha@example.com", "192.0.2.1")
    session().commit()

    kept = forget.tidy(start - timedelta(minutes=1))
    with clock.clock.pinned(start + timedelta(days=1)):
        dropped = forget.tidy(clock.now())
        still_there = renew(living.refresh_token, clock.now())

    assert (kept, dropped) == (0, 2 + 1 + 1)
    assert still_there is not None
    assert (rows(SignIn), rows(RefreshToken), rows(AccessToken), rows(LoginAttempt)) == (1, 2, 1, 0)


def test_tidying_takes_a_portion_at_a_time(database: Flask) -> None:
    person = make_person()
    for _ in range(3):
        in_transaction(lambda: sign_in.begin(person.id))
    later = clock.now() + timedelta(days=91)

    portions = []
    while portions[-1:] != [0]:
        portions.append(forget.tidy(later, limit=2))

    assert portions == [2 + 2, 1 + 1, 0]
    assert rows(SignIn) == 0


def test_a_network_is_forgotten_when_it_is_not_known_any_more(database: Flask) -> None:
    networks.remember("asha@example.com", "192.0.2.1")
    start = clock.now()

    portions = []
    for days in (29, 31):
        with clock.clock.pinned(start + timedelta(days=days)):
            portions.append(forget.tidy(start))

    assert portions == [0, 1]
    assert rows(KnownNetwork) == 0
