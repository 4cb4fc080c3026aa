"""The questions of `make chaos`: each has to see what it is there for, or its line would say nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from flask import Flask

from merchant_api.core.db import db
from merchant_api.core.embedded.server import USER
from merchant_api.orders.states import State
from tests.chaos import facts, verdicts
from tests.chaos.facts import Facts, OrderFound
from tests.chaos.history import Call, End
from tests.chaos.plan import SHORT, WHOLE, Answer, Harm, Victim, errands, faults
from tests.make.orders import make_order
from tests.make.stock import make_product
from tests.tenancy import as_role

GOOD = Call(1, "place", "errand-1", 0.0, 0.1, End.OK, 201, "", "one", "confirmed", "aa")
ONE = OrderFound("one", "errand-1", "confirmed", [("place", "confirmed")])
EMPTY = Facts({"one": ONE}, Counter(), {"HOT-0": (1, 1)}, {"event done": 1}, [], {})


@pytest.fixture
def dsn(fresh: Flask) -> Iterator[str]:
    """A database with a sold order, an order that was called off, and one that was paid for."""
    mug, bowl = make_product(on_hand=5, sku="HOT-0"), make_product(sku="BOWL")
    make_order(State.CONFIRMED, [(mug, 2)])
    make_order(State.CANCELLED, [(mug, 1)])
    make_order(State.CONFIRMED, [(bowl, 1)])
    url = as_role(fresh.config["SQLALCHEMY_DATABASE_URI"], USER).replace("+psycopg", "")
    db.session.remove()
    return url


def test_what_was_acknowledged_and_is_not_there_is_lost():
    gone = replace(GOOD, order="two", key="errand-2")

    assert verdicts.nothing_lost([GOOD], EMPTY).wrong == []
    assert verdicts.nothing_lost([GOOD, gone], EMPTY).wrong == ["errand-2: order two is not there"]


@pytest.mark.parametrize(
    ("acknowledged", "found", "is_lost"),
    [("requested", "confirmed", False), ("awaiting_payment", "requested", True), ("confirmed", "declined", True)],
)
def test_an_order_goes_on_from_what_was_acknowledged_and_never_back(acknowledged: str, found: str, is_lost: bool):
    order = replace(ONE, state=found, moves=[("place", found)])

    verdict = verdicts.nothing_lost([replace(GOOD, state=acknowledged)], replace(EMPTY, orders={"one": order}))

    assert bool(verdict.wrong) == is_lost


def test_a_history_that_leaves_a_state_without_a_way_is_seen():
    order = replace(ONE, moves=[("place", "requested"), ("decline", "declined"), ("accept", "confirmed")])

    assert len(verdicts.nothing_lost([], replace(EMPTY, orders={"one": order})).wrong) == 1


def test_two_orders_of_one_key_are_two_effects():
    twice = {"one": ONE, "two": replace(ONE, id="two")}
    unknown = replace(GOOD, end=End.UNKNOWN, order="", digest="")

    assert verdicts.nothing_twice([unknown, GOOD], EMPTY).wrong == []
    assert len(verdicts.nothing_twice([unknown], replace(EMPTY, orders=twice)).wrong) == 1
    assert verdicts.nothing_twice([unknown], replace(EMPTY, orders={})).wrong == []
    assert len(verdicts.nothing_twice([GOOD], replace(EMPTY, orders={})).wrong) == 1


def test_two_answers_of_one_key_are_told_apart():
    assert len(verdicts.nothing_twice([GOOD, replace(GOOD, digest="bb")], EMPTY).wrong) == 1


def test_a_step_that_was_done_twice_is_seen():
    accepted = replace(GOOD, step="accept", key="errand-1-accept")
    order = replace(ONE, moves=[("place", "requested"), ("accept", "confirmed"), ("accept", "confirmed")])

    verdict = verdicts.nothing_twice([GOOD, accepted], replace(EMPTY, orders={"one": order}))

    assert verdict.wrong == ["errand-1-accept: 2 effects, 1 good answers"]


@pytest.mark.parametrize(("by_cells", "by_orders"), [(2, 2), (0, 0), (1, 0), (0, 1)])
def test_one_unit_too_many_or_too_few_is_seen(by_cells: int, by_orders: int):
    found = replace(EMPTY, sold={"HOT-0": (by_cells, by_orders)})

    assert verdicts.sold_exactly([GOOD], EMPTY, {"errand-1"}, 1).wrong == []
    assert len(verdicts.sold_exactly([GOOD], found, {"errand-1"}, 1).wrong) == 1


def test_silence_a_late_answer_and_giving_up_are_seen():
    late = replace(GOOD, ended_at=11.2)
    silent = replace(late, end=End.UNKNOWN, status=0)
    given_up = replace(GOOD, end=End.GIVEN_UP, status=0)

    assert len(verdicts.answers_in_time([GOOD, late, silent, given_up], 1.0).wrong) == 3


def test_a_500_and_a_503_without_a_time_to_ask_again_are_seen():
    broken = replace(GOOD, end=End.NOT_NOW, status=500, code="internal")
    away = replace(broken, status=503, code="unavailable")

    assert len(verdicts.no_surprise([GOOD, broken, away, replace(away, has_retry_after=True)]).wrong) == 2


def test_a_phone_that_heard_nothing_is_named():
    due = {("https://phone", "one"): "hot", ("https://phone", "two"): "hot"}

    assert len(verdicts.phones_rang(due, Counter({("https://phone", "one"): 1})).wrong) == 1
    assert verdicts.everybody_told(59.0, EMPTY, 1.0).wrong == []
    assert len(verdicts.everybody_told(61.5, replace(EMPTY, ends={"delivery failed": 2}), 1.0).wrong) == 2


def test_the_books_of_a_shop_that_sells_are_even(dsn: str):
    found = facts.read(dsn)

    assert {name: lines for name, lines in found.uneven.items() if lines} == {}
    assert found.sold == {"HOT-0": (2, 2)}
    assert Counter(order.state for order in found.orders.values()) == {"confirmed": 2, "cancelled": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE cells SET held = held + 1 WHERE held = 2",
        "UPDATE cells SET on_hand = on_hand - 1 WHERE on_hand > 0",
        "UPDATE ledger SET held = held + 1 WHERE reason = 'held'",
        "DELETE FROM ledger WHERE reason = 'released'",
        "DELETE FROM holds WHERE state = 'open'",
        "UPDATE orders SET paid = paid + 1 WHERE paid > 0",
        "UPDATE orders SET state = 'cancelled' WHERE state = 'confirmed' AND paid = 0",
    ],
)
def test_books_that_somebody_forged_are_uneven(dsn: str, wrong: str):
    with psycopg.connect(dsn) as connection:
        connection.execute("SET session_replication_role = replica")  # no trigger forbids it
        connection.execute(wrong)

    assert any(facts.read(dsn).uneven.values())


def test_a_plan_is_drawn_from_its_seed_and_has_every_kind_of_fault():
    drawn, again = faults(SHORT, 7), faults(SHORT, 7)

    assert drawn == again
    assert errands(SHORT, 7) == errands(SHORT, 7) != errands(SHORT, 8)
    assert {fault.harm for fault in drawn} == set(Harm)
    assert {fault.victim for fault in drawn if fault.harm is Harm.KILL} == set(Victim)
    assert {errand.then for errand in errands(SHORT, 7)} == set(Answer)


def test_the_whole_plan_is_as_large_as_it_is_promised():
    harms = Counter(fault.harm for fault in faults(WHOLE, 1))

    assert harms == {Harm.KILL: 30, Harm.STOP_DATABASE: 3, Harm.FREEZE: 1, Harm.FILL_LOGS: 1}
    assert WHOLE.hot_attempts == 10_000
    assert WHOLE.hot_units * 20 == 4_000
