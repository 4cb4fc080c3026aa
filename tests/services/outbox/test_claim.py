"""Rows are claimed under leases: none missed, none twice, and what a superseded lease says changes nothing."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from merchant_api.core import clock
from merchant_api.core.db import in_transaction, session
from merchant_api.core.ids import new_id
from merchant_api.core.tenancy import ACROSS, of
from merchant_api.outbox import claim, finish, tried
from merchant_api.outbox.models import Attempt, Delivery, DeliveryState, Event, EventState
from merchant_api.outbox.retry import MOST_ATTEMPTS, Next
from tests.make.outbox import make_delivery, make_event


def take(model, *merchants, room=50, limit=1000, lease_s=60.0):
    wish = claim.ClaimPlan(dict.fromkeys(merchants, room), limit, clock.now(), lease_s)
    return in_transaction(lambda: claim.take(model, wish), ACROSS)


def said(delivery, outcome, then, words=""):
    return tried.Try(delivery, tried.AttemptAnswer(outcome, words), then)


def state_of(delivery):
    return session().execute(select(Delivery.state).where(Delivery.id == delivery.id)).scalar_one()


def test_a_claimed_row_is_leased_and_not_due_until_the_lease_ends(database):
    delivery = make_delivery(new_id())

    (leased,) = take(Delivery, delivery.merchant_id, lease_s=30)

    assert leased.attempts == 1
    assert leased.lease_token is not None
    assert leased.due_at > clock.now() + timedelta(seconds=25)
    assert take(Delivery, delivery.merchant_id) == []


def test_each_merchant_gives_what_it_has_room_for_and_all_together_no_more_than_the_limit(database):
    busy, other = new_id(), new_id()
    for _ in range(5):
        make_delivery(busy)
        make_delivery(other)

    wish = claim.ClaimPlan({busy: 2, other: 4}, 100, clock.now(), 60)
    claimed = Counter(row.merchant_id for row in claim.take(Delivery, wish))

    assert claimed == {busy: 2, other: 4}
    assert len(take(Delivery, busy, other, limit=3)) == 3


def test_a_row_whose_worker_died_is_due_again_when_its_lease_has_run_out(database):
    delivery = make_delivery(new_id())
    take(Delivery, delivery.merchant_id, lease_s=30)

    with clock.clock.pinned(clock.now() + timedelta(seconds=31)):
        (again,) = take(Delivery, delivery.merchant_id)

    assert (again.id, again.attempts) == (delivery.id, 2)


def test_a_row_that_was_tried_as_often_as_may_be_is_not_claimed(database):
    delivery = make_delivery(new_id(), attempts=MOST_ATTEMPTS)

    assert take(Delivery, delivery.merchant_id) == []


def test_what_a_superseded_lease_says_changes_nothing(fresh):
    delivery = make_delivery(new_id())
    (old,) = take(Delivery, delivery.merchant_id, lease_s=30)
    session().expunge_all()
    with clock.clock.pinned(clock.now() + timedelta(seconds=31)):
        (new,) = take(Delivery, delivery.merchant_id)
    session().expunge_all()
    ending, theirs = Next(DeliveryState.GONE, clock.now()), of(delivery.merchant_id)

    assert not in_transaction(lambda: tried.record(old.merchant_id, [said(old, "gone", ending)]), theirs)
    assert not in_transaction(lambda: finish.hand_back([old], clock.now()), theirs)
    assert not in_transaction(lambda: finish.end([old], DeliveryState.EXPIRED), theirs)
    assert state_of(delivery) is DeliveryState.PENDING
    assert in_transaction(lambda: tried.record(new.merchant_id, [said(new, "gone", ending)]), theirs) == {new.id}
    assert state_of(delivery) is DeliveryState.GONE


def test_an_attempt_leaves_its_answer(database):
    delivery = make_delivery(new_id())
    (leased,) = take(Delivery, delivery.merchant_id)

    tried.record(leased.merchant_id, [said(leased, "later", Next(DeliveryState.PENDING, clock.now()), "busy")])
    session().commit()

    attempt = session().execute(select(Attempt)).scalar_one()
    assert (attempt.delivery_id, attempt.number, attempt.outcome, attempt.answer) == (delivery.id, 1, "later", "busy")


def test_a_delivery_handed_back_does_not_count_as_tried(database):
    delivery = make_delivery(new_id())
    (leased,) = take(Delivery, delivery.merchant_id)

    finish.hand_back([leased], clock.now())

    (again,) = take(Delivery, delivery.merchant_id)
    assert again.attempts == 1


def test_an_event_that_cannot_be_fanned_out_fails_after_the_last_attempt(database):
    event = make_event(new_id(), attempts=MOST_ATTEMPTS - 1)
    (leased,) = take(Event, event.merchant_id)

    finish.event_again(leased, clock.now())

    assert session().execute(select(Event.state)).scalar_one() is EventState.FAILED


def test_eight_workers_miss_none_and_take_none_twice(fresh):
    merchants = [new_id() for _ in range(5)]
    made = {make_delivery(merchants[number % 5]).id for number in range(200)}

    def work(_):
        mine = []
        with fresh.app_context():
            while rows := take(Delivery, *merchants, room=3):
                mine += [row.id for row in rows]
                for row in rows:
                    in_transaction(lambda row=row: finish.end([row], DeliveryState.SENT), of(row.merchant_id))
        return mine

    with ThreadPoolExecutor(8) as pool:
        taken = [each for mine in pool.map(work, range(8)) for each in mine]

    assert len(taken) == len(made)
    assert set(taken) == made
    ended = select(func.count()).where(Delivery.state == DeliveryState.SENT)
    assert session().execute(ended).scalar_one() == 200
