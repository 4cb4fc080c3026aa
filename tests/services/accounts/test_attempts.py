"""Limits on guessing, per login and per network address."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from merchant_api.accounts import attempts, enter, passwords
from merchant_api.accounts.enter import Credentials, NewPerson
from merchant_api.accounts.errors import LoginTaken, TooManyAttempts, WrongLogin
from merchant_api.accounts.sign_in_models import LoginAttempt
from merchant_api.core import clock
from merchant_api.core.db import db, in_transaction, session
from tests.make.people import make_person

HERE = "198.51.100.7"
ELSEWHERE = "203.0.113.9"
PASSWORD = "seven singing bowls"


def fail(times: int, login: str | None, address: str = HERE) -> None:
    for _ in range(times):
        attempts.admit(login, address)
        session().flush()


def test_one_login_is_refused_from_every_address(database: Flask) -> None:
    fail(attempts.PER_LOGIN, "asha@example.com")

    with pytest.raises(TooManyAttempts):
        attempts.admit("asha@example.com", ELSEWHERE)
    attempts.admit("binod@example.com", HERE)


def test_guessing_at_the_same_moment_gains_nothing(fresh: Flask) -> None:
    def guess() -> str:
        with fresh.app_context():
            try:
                in_transaction(lambda: attempts.admit("asha@example.com", HERE))
            except TooManyAttempts:
                return "refused"
            return "admitted"

    with ThreadPoolExecutor(24) as pool:
        said = Counter(future.result() for future in [pool.submit(guess) for _ in range(24)])

    assert said == {"admitted": attempts.PER_LOGIN, "refused": 24 - attempts.PER_LOGIN}


def test_one_address_is_refused_for_every_login(database: Flask) -> None:
    for number in range(attempts.PER_ADDRESS):
        fail(1, f"person{number}@example.com")

    with pytest.raises(TooManyAttempts):
        attempts.admit("asha@example.com", HERE)
    attempts.admit("asha@example.com", ELSEWHERE)


def test_the_addresses_of_one_ipv6_network_count_together(database: Flask) -> None:
    for number in range(attempts.PER_ADDRESS):
        fail(1, None, f"2001:db8:1:2::{number:x}")

    with pytest.raises(TooManyAttempts):
        attempts.admit(None, "2001:db8:1:2:ffff::1")
    attempts.admit(None, "2001:db8:1:3::1")


def test_the_wait_ends_when_the_oldest_counted_attempt_leaves_the_window(database: Flask) -> None:
    start = clock.now()
    with clock.clock.pinned(start):
        fail(1, "asha@example.com")
    with clock.clock.pinned(start + timedelta(minutes=5)):
        fail(9, "asha@example.com")

        with pytest.raises(TooManyAttempts) as refused:
            attempts.admit("asha@example.com", HERE)

    assert refused.value.members["retry_after"] == 600
    with clock.clock.pinned(start + timedelta(minutes=15)):
        attempts.admit("asha@example.com", HERE)


def test_success_starts_the_login_anew_and_leaves_the_address_counted(database: Flask) -> None:
    fail(attempts.PER_LOGIN - 1, "asha@example.com")
    attempt = attempts.admit("asha@example.com", HERE)
    session().flush()

    attempts.forgive(attempt, "asha@example.com")

    attempts.admit("asha@example.com", HERE)
    kept = session().execute(select(func.count()).select_from(LoginAttempt)).scalar_one()
    assert kept == attempts.PER_LOGIN


def test_neither_logins_nor_addresses_are_kept_in_clear(database: Flask) -> None:
    fail(1, "asha@example.com")

    row = session().execute(select(LoginAttempt)).scalar_one()

    assert (len(row.login_hash), len(row.address_hash)) == (32, 32)
    assert b"asha" not in row.login_hash + row.address_hash


def test_a_failed_login_stays_counted_and_a_good_one_does_not(database: Flask) -> None:
    make_person(email="asha@example.com", password_hash=passwords.hash_password(PASSWORD))

    with pytest.raises(WrongLogin):
        enter.log_in(Credentials("asha@example.com", "eight singing bowls"), HERE)
    enter.log_in(Credentials("asha@example.com", PASSWORD), HERE)

    assert session().execute(select(LoginAttempt.login_hash)).scalars().all() == [attempts.FORGIVEN]


def test_trying_which_logins_are_taken_counts_for_the_address(database: Flask) -> None:
    make_person(email="asha@example.com")
    asked = NewPerson("asha@example.com", PASSWORD, "Eve")

    with pytest.raises(LoginTaken):
        enter.register(asked, HERE)
    enter.register(NewPerson("eve@example.com", PASSWORD, "Eve"), HERE)

    assert session().execute(select(LoginAttempt.login_hash)).scalars().all() == [attempts.FORGIVEN]


def test_no_connection_is_held_while_a_password_is_looked_at(fresh: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_person(email="asha@example.com", password_hash=passwords.hash_password(PASSWORD))
    look, held = passwords.is_right, []

    def watched(password: str, kept: str | None) -> bool:
        held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]  # the queue pool has it
        return look(password, kept)

    monkeypatch.setattr(passwords, "is_right", watched)
    enter.log_in(Credentials("asha@example.com", PASSWORD), HERE)

    assert held == [0]
