"""The grace of refreshing: an answer that was lost is given again, until somebody has used what it gave."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from merchant_api.accounts import sign_in
from merchant_api.accounts.authenticate import authenticate
from merchant_api.accounts.renew import renew
from merchant_api.accounts.sign_in import Tokens
from merchant_api.accounts.sign_in_models import AccessToken, SignIn
from merchant_api.core import clock
from merchant_api.core.db import db, in_transaction, session
from merchant_api.core.errors import Unauthenticated
from tests.make.people import make_person


def begin() -> Tokens:
    person = make_person()
    return in_transaction(lambda: sign_in.begin(person.id))


def refreshed(pair: Tokens, after_s: float = 0) -> Tokens | None:
    """Refresh with the pair's token, with a call that came in so long after now."""
    arrived_at = clock.now() + timedelta(seconds=after_s)
    return in_transaction(lambda: renew(pair.refresh_token, arrived_at))


def use(pair: Tokens) -> bool:
    try:
        return authenticate(pair.access_token, None).person_id is not None
    except Unauthenticated:
        return False
    finally:
        session().commit()


def next_of(pair: Tokens) -> Tokens:
    given = refreshed(pair)
    assert given is not None
    return given


def is_over() -> bool:
    return session().execute(select(SignIn.ended_at)).scalar_one() is not None


def test_a_phone_whose_answer_was_lost_twice_is_not_logged_out(database: Flask) -> None:
    first = begin()
    next_of(first)
    next_of(first)

    third = next_of(first)

    assert use(third)
    assert use(next_of(third))
    assert not is_over()


def test_a_spent_token_ends_the_family_once_its_successor_bought_the_next(database: Flask) -> None:
    first = begin()
    second = next_of(first)
    third = next_of(second)

    assert refreshed(first) is None

    assert is_over()
    assert [use(pair) for pair in (first, second, third)] == [False] * 3
    assert refreshed(third) is None


def test_a_spent_token_ends_the_family_once_its_successors_access_token_was_used(database: Flask) -> None:
    first = begin()
    second = next_of(first)
    assert use(second)

    assert refreshed(first) is None

    assert is_over()
    assert not use(second)


def test_what_a_repeated_answer_gave_counts_as_used_too(database: Flask) -> None:
    first = begin()
    next_of(first)
    again = next_of(first)
    assert use(again)

    assert refreshed(first) is None
    assert is_over()


def test_the_older_access_token_is_used_on_without_harm(database: Flask) -> None:
    first = begin()
    second = next_of(first)

    assert use(first)

    assert next_of(first).refresh_token == second.refresh_token


def test_a_call_that_had_come_in_before_the_first_use_comes_along(database: Flask) -> None:
    first = begin()
    arrived_at = clock.now()
    second = next_of(first)
    assert use(second)
    next_of(second)

    late = in_transaction(lambda: renew(first.refresh_token, arrived_at))

    assert late is not None
    assert late.refresh_token == second.refresh_token
    assert not is_over()


def test_a_use_in_a_refused_request_is_seen_as_well(database: Flask) -> None:
    first = begin()
    second = next_of(first)
    authenticate(second.access_token, None)
    session().rollback()

    assert refreshed(first) is None
    assert is_over()


def test_another_familys_use_is_nothing_to_this_one(database: Flask) -> None:
    person, instant = make_person(), clock.now()
    with clock.clock.pinned(instant):
        here, there = (in_transaction(lambda: sign_in.begin(person.id)) for _ in range(2))
        second, other = next_of(here), next_of(there)
        assert use(other)

        again = refreshed(here, after_s=1)

    assert again is not None
    assert again.refresh_token == second.refresh_token


@pytest.mark.parametrize(("later_s", "written"), [(0, 1), (30, 1), (31, 0)])
def test_the_first_use_alone_writes_and_only_while_the_answer_can_be_repeated(
    database: Flask, later_s: int, written: int
) -> None:
    instant = clock.now()
    with clock.clock.pinned(instant):
        pair = next_of(begin())

    with clock.clock.pinned(instant + timedelta(seconds=later_s)):
        assert [_writes(pair), _writes(pair)] == [written, 0]
    uses = session().execute(select(AccessToken.used_at).where(AccessToken.used_at.is_not(None))).all()
    assert len(uses) == written


def test_the_tokens_of_a_login_are_not_watched(database: Flask) -> None:
    assert _writes(begin()) == 0


def _writes(pair: Tokens) -> int:
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert use(pair)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in seen if statement.startswith(("UPDATE", "INSERT"))])
