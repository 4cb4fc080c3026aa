"""A sweep does what is due of each merchant; one bad row stops nobody, and a database that is away stops the run."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from jobs import rescue, sweep
from jobs.sweep import Duty, Pauses, Tally, guarded, in_halves
from jobs.timetable import routine
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import db, session
from merchant_api.core.ids import new_id
from merchant_api.orders.states import State
from merchant_api.outbox.models import Delivery, DeliveryState, Event, EventState
from merchant_api.outbox.retry import MOST_ATTEMPTS
from tests.make.holds import make_hold
from tests.make.orders import place_one, reread
from tests.make.outbox import make_delivery, make_event
from tests.make.people import make_actor, make_customer, make_merchant
from tests.make.stock import balances, make_product


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(sweep, "pauses", Pauses())


def duty_of(rows, work):
    """A duty over rows kept in memory: {merchant: [ids]}."""
    due = SimpleNamespace(
        merchants=lambda _at, limit: list(rows)[:limit],
        ids=lambda merchant_id, _at, limit: rows[merchant_id][:limit],
    )
    return Duty("tests", due, work)


def test_rows_around_a_bad_one_are_done_and_the_bad_one_is_left_behind(database):
    merchant_id, ids = new_id(), [new_id() for _ in range(20)]
    bad, done = ids[7], []

    def work(_merchant, some, _actor):
        if bad in some:
            raise ValueError("a bad row")
        done.extend(some)
        return len(some)

    duty = duty_of({merchant_id: ids}, work)

    assert sweep.sweep(duty, limit=50) == Tally(done=19, bad=1)
    assert set(done) == set(ids) - {bad}


def test_a_row_left_behind_is_not_tried_again_at_once_and_takes_nobodys_place(database):
    merchant_id, ids = new_id(), [new_id() for _ in range(4)]
    tried = []

    def work(_merchant, some, _actor):
        tried.append(list(some))
        if some[0] == ids[0]:
            raise ValueError("a bad row")
        return len(some)

    duty = duty_of({merchant_id: ids}, work)
    sweep.sweep(duty, limit=4)
    tried.clear()
    sweep.sweep(duty, limit=2)

    assert tried == [ids[1:3]]


def test_a_backlog_is_worked_off_in_batches_and_others_get_their_turn_between(database):
    busy, other = new_id(), new_id()
    rows, tried = {busy: [new_id() for _ in range(10)], other: [new_id()]}, []

    def work(merchant_id, some, _actor):
        tried.append((merchant_id, len(some)))
        rows[merchant_id] = [row for row in rows[merchant_id] if row not in some]
        return len(some)

    assert sweep.sweep(duty_of(rows, work), limit=4) == Tally(done=11)
    assert tried == [(busy, 4), (other, 1), (busy, 4), (busy, 2)]


def test_a_run_takes_a_row_once_though_it_stays_due_and_ends_in_time(database, monkeypatch):
    tried = []
    rows = {new_id(): [new_id() for _ in range(4)]}

    def work(_merchant, some, _actor):
        tried.extend(some)
        return 0

    sweep.sweep(duty_of(rows, work), limit=4)
    assert len(tried) == 4

    monkeypatch.setattr(sweep, "LONGEST_RUN_S", 0.0)
    done = sweep.sweep(duty_of({new_id(): [new_id() for _ in range(9)]}, lambda *given: len(given[1])), limit=3)
    assert done == Tally(done=3)


def test_a_merchant_with_more_holds_due_than_a_batch_is_settled_in_one_run(fresh):
    product = make_product(on_hand=30)
    for _ in range(25):
        make_hold(product, 1, settle_at=clock.now())

    assert routine("settle_stock").run(limit=10) == Tally(done=25)
    assert balances(product) == (5, 0, 25)


def test_pauses_of_rows_that_were_done_elsewhere_are_forgotten(monkeypatch):
    pauses = Pauses()
    pauses.put(new_id())
    monkeypatch.setattr(sweep, "LONGEST_PAUSE_S", -10.0)

    assert pauses.still() == frozenset()
    assert pauses._until == {}


def test_a_bad_merchant_does_not_stop_the_next(database):
    rows = {new_id(): [new_id()] for _ in range(3)}
    first = next(iter(rows))

    def work(merchant_id, some, _actor):
        if merchant_id == first:
            raise ValueError("a bad merchant")
        return len(some)

    assert sweep.sweep(duty_of(rows, work), limit=10) == Tally(done=2, bad=1)


def test_pauses_grow_and_end_with_success():
    pauses, row = Pauses(), new_id()

    pauses.put(row)
    first = pauses._until[row][1]
    pauses.put(row)

    assert (first, pauses._until[row][1]) == (2.0, 4.0)
    pauses.end([row])
    assert pauses.still() == frozenset()


def test_a_database_that_is_away_is_no_rows_fault(database):
    def work(_some):
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    left = []
    with pytest.raises(OperationalError):
        in_halves("tests", [1, 2, 3], work, left.append)
    assert left == []


def test_a_run_that_fails_is_logged_and_gives_nothing():
    assert guarded("tests", lambda: 1 / 0) is None
    assert guarded("tests", lambda: 5) == 5


def test_requests_that_nobody_answered_expire_once_though_four_processes_sweep(fresh):
    merchant = make_merchant(respond_window_s=60)
    product = make_product(merchant, on_hand=0)
    customer = make_actor(Role.CUSTOMER, person=make_customer(merchant))
    orders = [place_one([(product, 1)], customer) for _ in range(8)]

    tallies = []

    def run():
        with fresh.app_context():
            tallies.append(routine("expire_requests").run())

    with clock.clock.pinned(clock.now() + timedelta(seconds=61)):
        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        routine("expire_requests").run()

    assert {reread(order).state for order in orders} == {State.EXPIRED}
    events = session().execute(text("SELECT count(*) FROM events WHERE type = 'order.expired'")).scalar_one()
    assert events == 8
    assert all(tally.bad == 0 for tally in tallies)


def test_a_row_that_another_holds_for_long_is_left_behind_and_the_rest_is_done(fresh):
    merchant = make_merchant()
    held, free = make_event(merchant.id), make_event(merchant.id)

    def work(_merchant, some, _actor):
        session().execute(text("SET LOCAL lock_timeout = 50"))
        names = {"ids": some, "merchant": merchant.id}
        changed = text("UPDATE events SET state = 'done' WHERE merchant_id = :merchant AND id = ANY(:ids)")
        session().execute(changed, names)
        return len(some)

    with db.engine.connect() as rival:
        rival.execute(text("SET idle_in_transaction_session_timeout = 0"))  # it holds on, however slow the machine
        rival.execute(text("SELECT 1 FROM events WHERE id = :id FOR UPDATE"), {"id": held.id})
        tally = sweep.sweep(duty_of({merchant.id: [held.id, free.id]}, work), limit=10)

    assert tally == Tally(done=1, bad=1)
    assert session().get(Event, (merchant.id, free.id), populate_existing=True).state is EventState.DONE


def test_what_was_claimed_too_often_is_given_up_in_sight(database):
    merchant_id = new_id()
    event = make_event(merchant_id, attempts=MOST_ATTEMPTS, lease_token=new_id())
    delivery = make_delivery(merchant_id, attempts=MOST_ATTEMPTS, lease_token=new_id())
    make_delivery(merchant_id, attempts=MOST_ATTEMPTS - 1)

    assert rescue.run() == Tally(done=2)

    assert session().get(Event, (merchant_id, event.id), populate_existing=True).state is EventState.FAILED
    given_up = session().get(Delivery, (merchant_id, delivery.id), populate_existing=True)
    assert given_up.state is DeliveryState.FAILED
    assert given_up.ended_at is not None
