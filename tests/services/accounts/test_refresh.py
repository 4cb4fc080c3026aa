"""Rotation of refresh tokens: one living successor, whatever is lost, repeated, stolen or asked at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from merchant_api.accounts import sign_in
from merchant_api.accounts.authenticate import authenticate
from merchant_api.accounts.renew import renew
from merchant_api.accounts.sign_in import Tokens
from merchant_api.accounts.sign_in_models import RefreshToken, SignIn
from merchant_api.core import clock
from merchant_api.core.db import in_transaction, session
from merchant_api.core.errors import Unauthenticated
from merchant_api.core.seal import Seal
from tests.conftest import SECRET
from tests.make.people import make_person

NEWER = "a newer secret of the tests, long enough"
AT_ONCE = 20


def begin() -> Tokens:
    person = make_person()
    return in_transaction(lambda: sign_in.begin(person.id))


def refreshed(presented: str) -> Tokens | None:
    arrived_at = clock.now()
    return in_transaction(lambda: renew(presented, arrived_at))


def living() -> int:
    unused = select(RefreshToken).join(SignIn, SignIn.id == RefreshToken.sign_in_id)
    unused = unused.where(RefreshToken.used_at.is_(None), SignIn.ended_at.is_(None))
    return len(session().execute(unused).all())


def test_twenty_refreshes_at_once_leave_one_living_successor(fresh: Flask) -> None:
    first = begin()

    def ask() -> Tokens | None:
        with fresh.app_context():
            return refreshed(first.refresh_token)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        pairs = [future.result() for future in [pool.submit(ask) for _ in range(AT_ONCE)]]

    assert len({pair.refresh_token for pair in pairs if pair is not None}) == 1
    assert None not in pairs
    assert living() == 1


def test_logging_out_among_refreshes_leaves_nothing_alive(fresh: Flask) -> None:
    first = begin()

    def run(step: Callable[[], object]) -> object:
        with fresh.app_context():
            return step()

    steps: list[Callable[[], object]] = [lambda: refreshed(first.refresh_token)] * 8
    steps.insert(4, lambda: in_transaction(lambda: sign_in.end(first.access_token)))
    with ThreadPoolExecutor(len(steps)) as pool:
        list(pool.map(run, steps))

    assert living() == 0


def test_reuse_after_the_grace_is_remembered_though_the_call_is_refused(database: Flask) -> None:
    first = begin()
    start = clock.now()
    with clock.clock.pinned(start):
        second = refreshed(first.refresh_token)
    assert second is not None

    with clock.clock.pinned(start + timedelta(seconds=31)):
        assert refreshed(first.refresh_token) is None

        assert living() == 0
        with pytest.raises(Unauthenticated):
            authenticate(second.access_token, None)


def test_a_repeat_is_answered_after_the_secret_key_was_changed(database: Flask, app: Flask) -> None:
    first = begin()
    before = app.extensions["orderbell.seal"]
    second = refreshed(first.refresh_token)
    assert second is not None

    try:
        app.extensions["orderbell.seal"] = Seal((NEWER, SECRET))
        again = refreshed(first.refresh_token)
        third = refreshed(second.refresh_token)
    finally:
        app.extensions["orderbell.seal"] = before

    assert again is not None
    assert again.refresh_token == second.refresh_token
    assert third is not None


def test_a_repeat_whose_key_is_gone_is_refused_without_ending_the_family(database: Flask, app: Flask) -> None:
    first = begin()
    before = app.extensions["orderbell.seal"]
    second = refreshed(first.refresh_token)
    assert second is not None

    try:
        app.extensions["orderbell.seal"] = Seal((NEWER,))
        assert refreshed(first.refresh_token) is None
        assert refreshed(second.refresh_token) is not None
    finally:
        app.extensions["orderbell.seal"] = before


def test_a_refresh_token_idles_thirty_days(database: Flask) -> None:
    first = begin()
    start = clock.now()

    with clock.clock.pinned(start + timedelta(days=30, seconds=1)):
        assert refreshed(first.refresh_token) is None
    with clock.clock.pinned(start + timedelta(days=29)):
        assert refreshed(first.refresh_token) is not None


def test_a_family_ends_after_ninety_days_and_so_do_its_access_tokens(database: Flask) -> None:
    pair, start = begin(), clock.now()
    for day in (25, 50, 75):
        with clock.clock.pinned(start + timedelta(days=day)):
            pair = refreshed(pair.refresh_token) or pair

    with clock.clock.pinned(start + timedelta(days=89, hours=23, minutes=55)):
        pair = refreshed(pair.refresh_token) or pair
        assert authenticate(pair.access_token, None)
    with clock.clock.pinned(start + timedelta(days=90)):
        assert refreshed(pair.refresh_token) is None
        with pytest.raises(Unauthenticated):
            authenticate(pair.access_token, None)


def test_a_disabled_person_refreshes_no_more(database: Flask) -> None:
    person = make_person()
    pair = in_transaction(lambda: sign_in.begin(person.id))

    person.disabled_at = clock.now()
    session().commit()

    assert refreshed(pair.refresh_token) is None


@pytest.mark.parametrize("table", ["sign_ins", "access_tokens", "refresh_tokens"])
def test_no_token_lies_in_the_database(database: Flask, table: str) -> None:
    first = begin()
    second = refreshed(first.refresh_token)
    assert second is not None

    rows = str(session().execute(text(f"SELECT * FROM {table}")).all())

    for token in (first.access_token, first.refresh_token, second.access_token, second.refresh_token):
        assert token not in rows
        assert token[4:] not in rows
