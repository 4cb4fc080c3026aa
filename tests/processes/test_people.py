"""`orderbell people` as a process: what it prints, how it ends, and what it never shows."""

import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from merchant_api.accounts import enter, sign_in
from merchant_api.accounts.authenticate import authenticate
from merchant_api.accounts.enter import Credentials
from merchant_api.accounts.errors import WrongLogin
from merchant_api.accounts.passwords import hash_password
from merchant_api.app import create_app
from merchant_api.core.db import db, in_transaction
from merchant_api.core.errors import Unauthenticated
from tests.conftest import settings_for
from tests.house.sources import ROOT
from tests.make.people import make_member, make_merchant
from tests.make.tokens import make_key
from tests.processes.start import ORDERBELL, run

pytestmark = pytest.mark.xdist_group("processes")
LOGIN, PASSWORD, FRESH = "maya@example.com", "seven singing bowls", "eleven brass lamps"


class House:
    """An installation in which Maya, an owner, is signed in and has made a key."""

    def __init__(self, given: dict[str, str], app: Flask) -> None:
        self.given, self.app = given, app
        with app.app_context():
            merchant = make_merchant()
            person = make_member(merchant, name="Maya")
            person.email, person.password_hash = LOGIN, hash_password(PASSWORD)
            self.key = make_key(merchant, of=person)
            self.pair = in_transaction(lambda: sign_in.begin(person.id))
            _put_away()

    def people(self, *command: str) -> subprocess.CompletedProcess[str]:
        return run(self.given, "people", *command)

    def knows(self, token: str) -> bool:
        with self.app.app_context():
            try:
                return bool(authenticate(token, None).id)
            except Unauthenticated:
                return False
            finally:
                _put_away()

    def lets_in(self, password: str) -> bool:
        with self.app.app_context():
            try:
                return bool(enter.log_in(Credentials(LOGIN, password), "192.0.2.1"))
            except WrongLogin:
                return False
            finally:
                _put_away()


def _put_away() -> None:
    db.session.remove()
    db.engine.dispose()


@pytest.fixture
def house(given: dict[str, str], tmp_path: Path) -> House:
    return House(given, create_app(settings_for(given["DATABASE_URL"], tmp_path)))


def test_who_is_disabled_is_out_and_who_is_enabled_comes_in_again(house: House) -> None:
    disabled = house.people("disable", "Maya@Example.com")
    out = house.knows(house.pair.access_token), house.knows(house.key), house.lets_in(PASSWORD)
    enabled = house.people("enable", LOGIN)

    assert (disabled.returncode, disabled.stdout) == (0, "Maya is disabled: 1 sign-in ended.\n")
    assert (enabled.returncode, enabled.stdout) == (0, "Maya can sign in again.\n")
    assert out == (False, False, False)
    assert (house.knows(house.pair.access_token), house.knows(house.key), house.lets_in(PASSWORD)) == (
        False,
        True,
        True,
    )


def test_a_reset_prints_a_password_that_works_and_ends_the_rest(house: House) -> None:
    done = house.people("reset", LOGIN)

    said = re.search(r"It is shown this once: (\S+)\n", done.stdout)
    assert said is not None
    assert done.stdout.startswith("Maya has a new password: 1 sign-in ended.\n")
    assert said[1] not in done.stderr
    assert (house.lets_in(said[1]), house.lets_in(PASSWORD), house.knows(house.pair.access_token)) == (
        True,
        False,
        False,
    )


def test_a_password_that_is_handed_in_is_not_shown(house: House) -> None:
    whole = (*ORDERBELL, "people", "reset", LOGIN, "--password-stdin")
    done = subprocess.run(whole, cwd=ROOT, env=house.given, input=FRESH, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "Maya has a new password: 1 sign-in ended.\n")
    assert FRESH not in done.stderr
    assert house.lets_in(FRESH)


def test_a_weak_one_or_none_that_is_handed_in_changes_nothing(house: House) -> None:
    whole = (*ORDERBELL, "people", "reset", LOGIN, "--password-stdin")
    refused = [
        subprocess.run(whole, cwd=ROOT, env=house.given, input=each, capture_output=True, text=True, check=False)
        for each in ("password1\n", "")
    ]

    assert [done.returncode for done in refused] == [2, 2]
    assert all(done.stderr.splitlines()[-1].startswith("orderbell: ") for done in refused)
    assert (house.lets_in(PASSWORD), house.knows(house.pair.access_token)) == (True, True)


def test_a_person_is_shown_with_sign_ins_memberships_and_keys(house: House) -> None:
    shown = house.people("show", LOGIN)

    first, *rest = shown.stdout.splitlines()
    assert first.startswith("Maya (maya@example.com), a person, may sign in; id ")
    assert [line.split()[0] for line in rest] == ["signed", "owner", "API"]
    assert house.key not in shown.stdout


@pytest.mark.parametrize(
    ("command", "login", "code"),
    [
        ("show", "nobody", 2),
        ("show", "nobody@example.com", 1),
        ("disable", "nobody@example.com", 1),
        ("enable", "nobody@example.com", 1),
        ("reset", "nobody@example.com", 1),
    ],
)
def test_who_does_not_sign_in_is_one_line(given: dict[str, str], command: str, login: str, code: int) -> None:
    done = run(given, "people", command, login)

    assert done.returncode == code
    assert done.stderr.splitlines()[-1].startswith("orderbell: ")
    assert "Traceback" not in done.stderr
