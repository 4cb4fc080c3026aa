"""Who a bearer token stands for, and what that person or key may do at a merchant."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, update

from merchant_api.accounts.authenticate import authenticate
from merchant_api.accounts.key_models import ApiKey
from merchant_api.accounts.models import Customer, MemberRole, Person
from merchant_api.accounts.permissions import of_role
from merchant_api.accounts.sign_in_models import SignIn
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import db, session
from merchant_api.core.errors import NotFound, Unauthenticated
from merchant_api.core.ids import new_id
from tests.make.people import make_customer, make_member, make_merchant, make_person
from tests.make.tokens import make_key, make_token


@pytest.mark.parametrize("role", list(MemberRole))
def test_a_member_acts_in_the_role_that_he_has_at_the_merchant(database: Flask, role: MemberRole) -> None:
    merchant = make_merchant()
    person = make_member(merchant, role)
    make_member(make_merchant())

    actor = authenticate(make_token(person), merchant.id)

    assert (actor.role.value, actor.id, actor.name) == (role.value, str(person.id), person.name)
    assert actor.permissions == of_role(Role(role))
    assert actor.is_known


def test_a_member_of_another_merchant_is_a_stranger_here(database: Flask) -> None:
    merchant = make_merchant()
    person = make_member(make_merchant())

    actor = authenticate(make_token(person), merchant.id)

    assert actor.role is Role.CUSTOMER
    assert not actor.is_known


def test_who_has_ordered_before_is_a_known_customer(database: Flask) -> None:
    merchant = make_merchant()
    person = make_customer(merchant)

    actor = authenticate(make_token(person), merchant.id)

    assert actor.role is Role.CUSTOMER
    assert actor.is_known


@pytest.mark.parametrize("mark", ["is_trusted", "has_bought", None])
def test_whom_the_merchant_trusts_or_who_has_bought_comes_in_proven_here_and_not_elsewhere(
    database: Flask, mark: str | None
) -> None:
    merchant, other = make_merchant(), make_merchant()
    token = make_token(person := make_customer(merchant))
    if mark is not None:
        setattr(session().get(Customer, (merchant.id, person.id)), mark, True)
        session().commit()

    assert [authenticate(token, each.id).is_proven for each in (merchant, other)] == [mark is not None, False]


def test_staff_of_the_platform_act_as_staff_at_every_merchant(database: Flask) -> None:
    merchant = make_merchant()
    person = make_person("Devi", is_staff=True)

    actor = authenticate(make_token(person), merchant.id)

    assert actor.role is Role.STAFF
    assert actor.may("merchants.open")


def test_a_merchant_that_does_not_exist_is_not_found(database: Flask) -> None:
    person = make_person("Devi", is_staff=True)

    with pytest.raises(NotFound):
        authenticate(make_token(person), new_id())


@pytest.mark.parametrize(
    "token", ["", "x", "oba_", "oba_" + "a" * 43, "obr_" + "a" * 43, "obk_x_y_z", "oba_" + "é" * 43, "a" * 9000]
)
def test_a_text_that_is_no_token_is_refused(database: Flask, token: str) -> None:
    with pytest.raises(Unauthenticated):
        authenticate(token, None)


def test_a_token_ends_at_its_instant(database: Flask) -> None:
    person = make_person()
    token = make_token(person, lives=timedelta(minutes=15))

    with clock.clock.pinned(clock.now() + timedelta(minutes=14)):
        assert authenticate(token, None).person_id == person.id
    with clock.clock.pinned(clock.now() + timedelta(minutes=15)), pytest.raises(Unauthenticated):
        authenticate(token, None)


def test_a_disabled_person_is_refused_at_once(database: Flask) -> None:
    person = make_person()
    token = make_token(person)

    session().execute(update(Person).where(Person.id == person.id).values(disabled_at=clock.now()))

    with pytest.raises(Unauthenticated):
        authenticate(token, None)


def test_an_ended_sign_in_ends_its_tokens(database: Flask) -> None:
    person = make_person()
    token = make_token(person)

    session().execute(update(SignIn).where(SignIn.person_id == person.id).values(ended_at=clock.now()))

    with pytest.raises(Unauthenticated):
        authenticate(token, None)


def test_a_key_may_what_it_was_given_and_nothing_above_what_keys_can_have(database: Flask) -> None:
    merchant = make_merchant()
    key = make_key(merchant, {"orders.place", "members.edit"})

    actor = authenticate(key, merchant.id)

    assert actor.role is Role.INTEGRATION
    assert actor.person_id is None
    assert actor.permissions == {"orders.place"}


def test_a_key_finds_nothing_at_another_merchant(database: Flask) -> None:
    key = make_key(make_merchant())
    other = make_merchant()

    with pytest.raises(NotFound):
        authenticate(key, other.id)


def test_a_key_may_nothing_where_no_merchant_is_named(database: Flask) -> None:
    key = make_key(make_merchant())

    actor = authenticate(key, None)

    assert actor.permissions == frozenset()


def test_a_revoked_key_and_a_guessed_secret_are_refused(database: Flask) -> None:
    merchant = make_merchant()
    key = make_key(merchant)
    guessed = key[:-1] + ("A" if key[-1] != "A" else "B")

    with pytest.raises(Unauthenticated):
        authenticate(guessed, merchant.id)
    session().execute(update(ApiKey).where(ApiKey.merchant_id == merchant.id).values(revoked_at=clock.now()))
    with pytest.raises(Unauthenticated):
        authenticate(key, merchant.id)


def test_a_key_cannot_be_carried_over_to_another_merchant_by_its_text(database: Flask) -> None:
    merchant, other = make_merchant(), make_merchant()
    key = make_key(merchant)

    with pytest.raises(Unauthenticated):
        authenticate(key.replace(merchant.id.hex, other.id.hex), other.id)


@pytest.mark.parametrize("is_key", [True, False])
def test_knowing_who_calls_costs_one_statement(database: Flask, is_key: bool) -> None:
    merchant = make_merchant()
    token = make_key(merchant) if is_key else make_token(make_member(merchant))

    assert _statements_of(token, merchant.id) == 1


def _statements_of(token: str, merchant_id: UUID) -> int:
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        authenticate(token, merchant_id)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in seen if statement.startswith("SELECT")])
