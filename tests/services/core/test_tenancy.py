"""Whose rows a transaction touches, as the database keeps it: closed where nobody is stated, and to everybody else."""

from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Executable, func, select, text, update
from sqlalchemy.exc import DBAPIError

from merchant_api.accounts.models import Merchant
from merchant_api.core.db import db, in_transaction, session, sqlstate
from merchant_api.core.errors import NotFound
from merchant_api.core.tenancy import ACROSS, NOBODY, Crossing, Whose, across_merchants, of, of_merchant
from merchant_api.orders.steps import decide
from merchant_api.outbox.models import Event
from merchant_api.stock.audit import audit
from merchant_api.stock.models import Cell, Grade
from tests.make.orders import place_one
from tests.make.people import make_actor, make_merchant
from tests.make.stock import make_product

RENAMED = update(Grade).values(name="x").execution_options(synchronize_session=False)


@pytest.fixture
def two(fresh: Flask) -> tuple[Merchant, Merchant]:
    """Two merchants with stock, on a pool of real connections."""
    merchants = make_merchant(), make_merchant()
    for each in merchants:
        make_product(each, on_hand=5)
    session().close()
    return merchants


def owners() -> set[Any]:
    """Whose cells are to be seen."""
    return set(session().execute(select(Cell.merchant_id)).scalars())


def rows(statement: Executable, whose: Whose) -> int:
    """How many rows it changed."""
    return int(getattr(in_transaction(lambda: session().execute(statement), whose), "rowcount"))  # noqa: B009


def refused(statement: Executable, whose: Whose) -> str:
    """The code with which the database refuses."""
    with pytest.raises(DBAPIError) as error:
        in_transaction(lambda: session().execute(statement), whose)
    return sqlstate(error.value)


def test_a_connection_serves_one_merchant_then_another_then_nobody(two):
    first, second = two

    assert in_transaction(owners, of(first.id)) == {first.id}
    assert in_transaction(owners, of(second.id)) == {second.id}
    assert refused(select(Cell.merchant_id), NOBODY) == "22P02"
    assert len({in_transaction(lambda: session().execute(select(func.pg_backend_pid())).scalar()) for _ in two}) == 1


def test_a_connection_that_was_never_told_finds_nothing(two):
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.UndefinedObject):
        connection.execute("SELECT * FROM cells")


@pytest.mark.parametrize("statement", ["SELECT 1 FROM cells", "UPDATE products SET name = ''", "DELETE FROM members"])
def test_work_that_nobody_said_whose_it_is_fails(two, statement):
    assert in_transaction(lambda: session().execute(text("SELECT 1")).scalar_one()) == 1
    with pytest.raises(DBAPIError):
        in_transaction(lambda: session().execute(text(statement)))


def test_a_row_of_another_merchant_is_not_made(two):
    first, second = two
    values = "(merchant_id, id, name, rank, created_at) VALUES (:m, gen_random_uuid(), 'x', 1, now())"

    assert refused(text(f"INSERT INTO grades {values}").bindparams(m=second.id), of(first.id)) == "42501"
    assert rows(text(f"INSERT INTO grades {values}").bindparams(m=first.id), of(first.id)) == 1


def test_a_row_of_another_merchant_is_neither_changed_nor_taken_nor_given_away(two):
    first, second = two

    assert rows(RENAMED.where(Grade.merchant_id == second.id), of(first.id)) == 0
    assert rows(text("DELETE FROM categories"), of(first.id)) == 0
    assert refused(text("UPDATE grades SET merchant_id = :m").bindparams(m=second.id), of(first.id)) == "42501"
    assert set(session().execute(select(Grade.name)).scalars()) == {"default"}


def test_a_forgotten_condition_reaches_the_rows_of_one_merchant_only(two):
    first, second = two

    assert rows(RENAMED, of(first.id)) == 1

    names = select(Grade.name).where(Grade.merchant_id == second.id)
    assert session().execute(names).scalar_one() == "default"


def test_a_look_across_sees_all_and_writes_nothing(two):
    first, second = two

    assert in_transaction(owners, ACROSS) == {first.id, second.id}
    assert refused(RENAMED, ACROSS) == "22P02"
    assert refused(text("DELETE FROM members"), ACROSS) == "22P02"


def test_events_of_several_merchants_are_claimed_at_once_but_not_deleted(two):
    for each in two:
        place_one([(make_product(each, on_hand=5), 1)])
    later = update(Event).values(due_at=Event.due_at).execution_options(synchronize_session=False)

    assert rows(later, ACROSS) >= 2
    with pytest.raises(DBAPIError):
        in_transaction(lambda: session().execute(text("DELETE FROM events")), ACROSS)


@pytest.mark.parametrize("other", [ACROSS, NOBODY, Whose("01a22364-6cd9-73b2-835b-5ec2beb8970f")])
def test_below_a_merchant_nothing_else_is_stated(two, other):
    with of_merchant(two[0].id), pytest.raises(Crossing):
        in_transaction(owners, other)


def test_a_verb_for_one_merchant_that_gets_another_s_order_finds_none(two):
    first, second = two
    order = place_one([(make_product(second, on_hand=0), 1)])
    answer = decide.Accept()

    for named in (first.id, second.id):  # the second one is what a broken job would say
        with pytest.raises(NotFound):
            in_transaction(lambda: decide.accept(named, order.id, answer, make_actor()), of(first.id))  # noqa: B023


def test_what_is_stated_in_between_holds_in_between(two):
    first, _ = two

    def work() -> tuple[int, set[Any]]:
        with across_merchants():
            many = len(owners())
        with of_merchant(first.id):
            return many, owners()

    assert in_transaction(work) == (2, {first.id})


def test_a_savepoint_that_is_taken_back_takes_the_merchant_not_along(two):
    first, second = two

    def work() -> tuple[set[Any], set[Any]]:
        with of_merchant(first.id):
            owners()
        nested = session().begin_nested()
        with of_merchant(second.id):
            theirs = owners()
            nested.rollback()
            return theirs, owners()

    assert in_transaction(work) == ({second.id}, {second.id})


def test_an_audit_on_its_snapshot_leaves_a_connection_that_serves_as_before(two):
    first, second = two

    assert audit(first.id).is_clean
    assert in_transaction(owners, of(second.id)) == {second.id}
    assert db.engine.raw_connection().autocommit  # BEGIN is ours again, and travels with the merchant
