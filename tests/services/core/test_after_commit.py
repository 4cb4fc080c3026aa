"""What is to be done after the commit is done once, by the try that was committed."""

import pytest
from prometheus_client import REGISTRY
from psycopg.errors import SerializationFailure
from sqlalchemy.exc import OperationalError

from merchant_api.core import db
from merchant_api.core.actor import Role
from merchant_api.core.db import after_commit, in_transaction, session
from merchant_api.core.tenancy import of
from merchant_api.orders.place import place as placing
from merchant_api.orders.place.place import place
from merchant_api.orders.steps import decide
from tests.make.orders import place_one, wanted
from tests.make.people import make_actor
from tests.make.stock import make_product


class Broken(Exception):
    """The work went wrong."""


def torn(times):
    """Raises a serialization failure so many times, and nothing then."""
    left = [times]

    def tear():
        if left[0]:
            left[0] -= 1
            raise OperationalError("statement", {}, SerializationFailure())

    return tear


def counted(name, **labels):
    return REGISTRY.get_sample_value(f"orderbell_{name}", labels) or 0


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    monkeypatch.setattr(db.time, "sleep", lambda _: None)


def test_what_waits_for_the_commit_is_done_after_it_and_once(database):
    tear, done = torn(2), []

    def work():
        after_commit(lambda: done.append(session().in_transaction()))
        tear()
        return "result"

    assert in_transaction(work) == "result"
    assert done == [False]


def test_what_is_rolled_back_does_nothing_afterwards(database):
    done = []

    def work():
        after_commit(lambda: done.append("counted"))
        raise Broken

    with pytest.raises(Broken):
        in_transaction(work)
    in_transaction(lambda: None)

    assert done == []


def test_an_answer_in_a_repeated_transaction_counts_once(database):
    order = place_one([(make_product(on_hand=0), 2)])
    tear, seller = torn(1), make_actor()
    labels = {"step": "accept", "state": "awaiting_payment"}
    before = counted("orders_moved_total", **labels), counted("answer_seconds_count")

    def accept():
        decide.accept(order.merchant_id, order.id, decide.Accept(), seller)
        tear()

    in_transaction(accept, of(order.merchant_id))

    after = counted("orders_moved_total", **labels), counted("answer_seconds_count")
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)


def test_an_order_placed_in_a_repeated_transaction_counts_once(database, monkeypatch):
    product = make_product(on_hand=5)
    tear, write = torn(1), placing.write
    before = counted("orders_placed_total", route="instant")

    def torn_after_writing(*given):
        write(*given)
        tear()

    monkeypatch.setattr(placing, "write", torn_after_writing)
    place(product.merchant_id, [wanted([(product, 1)], make_actor(Role.CUSTOMER)) for _ in range(2)])

    assert counted("orders_placed_total", route="instant") - before == 2


def test_a_move_that_is_not_committed_is_not_counted(database):
    order = place_one([(make_product(on_hand=0), 2)])
    before = counted("orders_moved_total", step="decline", state="declined")

    def decline():
        decide.decline(order.merchant_id, order.id, decide.Decline(decide.DeclineReason.TOO_BUSY), make_actor())
        raise Broken

    with pytest.raises(Broken):
        in_transaction(decline, of(order.merchant_id))

    assert counted("orders_moved_total", step="decline", state="declined") == before
