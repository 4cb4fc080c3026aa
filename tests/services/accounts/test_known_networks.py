"""Who guesses a password elsewhere locks nobody out of where she signs in; and is locked out himself."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from merchant_api.accounts import attempts, enter, networks, passwords
from merchant_api.accounts.enter import Credentials, NewPerson
from merchant_api.accounts.errors import TooManyAttempts, WrongLogin
from merchant_api.accounts.sign_in_models import KnownNetwork
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.network import network_of
from merchant_api.core.seal import Seal
from tests.make.people import make_person

HOME, AT_HOME_TOO, ELSEWHERE, OTHER = "2001:db8:1:2::7", "2001:db8:1:2:ffff::1", "203.0.113.9", "198.51.100.20"
LOGIN, PASSWORD, WRONG = "asha@example.com", "seven singing bowls", "eight singing bowls"


@pytest.fixture
def owner(database: Flask) -> Flask:
    """Somebody who signed in at home a moment ago."""
    make_person(email=LOGIN, password_hash=passwords.hash_password(PASSWORD))
    log_in(HOME)
    return database


def log_in(address: str, password: str = PASSWORD, login: str = LOGIN) -> None:
    enter.log_in(Credentials(login, password), address)


def guess(address: str, times: int = attempts.PER_LOGIN, login: str = LOGIN) -> None:
    for _ in range(times):
        attempts.admit(login, address)
        session().flush()


def test_the_owner_goes_on_where_she_signed_in_lately_and_the_guesser_stays_locked(owner: Flask) -> None:
    guess(ELSEWHERE)

    log_in(AT_HOME_TOO)

    for address in (ELSEWHERE, OTHER):
        with pytest.raises(TooManyAttempts):
            log_in(address)
    log_in(HOME)


def test_signing_in_at_home_gives_no_new_guesses_elsewhere(owner: Flask) -> None:
    guess(ELSEWHERE, attempts.PER_LOGIN - 1)
    log_in(HOME)

    guess(ELSEWHERE, 1)

    with pytest.raises(TooManyAttempts):
        guess(ELSEWHERE, 1)


def test_guessing_where_the_owner_signed_in_is_limited_too_and_locks_nothing_else(owner: Flask) -> None:
    log_in(ELSEWHERE)
    for _ in range(attempts.PER_LOGIN):
        with pytest.raises(WrongLogin):
            log_in(HOME, WRONG)

    with pytest.raises(TooManyAttempts):
        log_in(AT_HOME_TOO)

    log_in(ELSEWHERE)
    log_in(OTHER)


def test_who_fails_at_other_logins_on_her_network_does_not_lock_her_out(owner: Flask) -> None:
    for number in range(attempts.PER_ADDRESS):
        guess(HOME, 1, f"person{number}@example.com")

    log_in(HOME)

    with pytest.raises(TooManyAttempts):
        guess(HOME, 1, "binod@example.com")


def test_being_right_at_home_starts_the_count_there_anew(owner: Flask) -> None:
    guess(HOME, attempts.PER_LOGIN - 1)
    log_in(HOME)

    guess(HOME, attempts.PER_LOGIN - 1)
    log_in(HOME)


def test_a_network_is_known_for_thirty_days(owner: Flask) -> None:
    start = clock.now()
    for days, is_open in ((29, True), (31 + 29, False)):
        with clock.clock.pinned(start + timedelta(days=days)):
            guess(ELSEWHERE)
            if is_open:
                log_in(HOME)
            else:
                with pytest.raises(TooManyAttempts):
                    log_in(HOME)


def test_who_registers_is_known_there(database: Flask) -> None:
    enter.register(NewPerson("eve@example.com", PASSWORD, "Eve"), HOME)
    guess(ELSEWHERE, login="eve@example.com")

    log_in(HOME, login="eve@example.com")


def test_a_network_stays_known_when_the_keys_are_rotated(owner: Flask) -> None:
    settings = owner.extensions["orderbell.settings"]
    before = owner.extensions["orderbell.seal"]
    owner.extensions["orderbell.seal"] = Seal(("n" * 40, *settings.secret_keys))
    try:
        guess(ELSEWHERE)
        log_in(HOME)
        kept = session().execute(select(KnownNetwork.pair_hash)).scalars().all()
        newest = networks.pair(LOGIN, HOME)[0]
    finally:
        owner.extensions["orderbell.seal"] = before

    assert kept == [newest]


def test_neither_login_nor_network_is_kept_in_clear(owner: Flask) -> None:
    (kept,) = session().execute(select(KnownNetwork.pair_hash)).scalars().all()

    assert len(kept) == 32
    assert kept not in networks.pair("binod@example.com", HOME) + networks.pair(LOGIN, ELSEWHERE)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("203.0.113.9:51234", "203.0.113.9"),
        ("[2001:db8:1:2:ffff::1]:443", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:ffff::1]", "2001:db8:1:2::/64"),
        ("", ""),
        ("a socket", "a socket"),
    ],
)
def test_an_address_counts_for_its_network(address: str, network: str) -> None:
    assert network_of(address) == network
