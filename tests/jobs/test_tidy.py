"""What is finished and old goes; what is young or unfinished stays."""

from datetime import timedelta

from sqlalchemy import func, select

from jobs import tidy
from merchant_api.accounts.invitation_models import Invitation
from merchant_api.accounts.invitations import LIVES
from merchant_api.core import clock, replay
from merchant_api.core.db import session
from merchant_api.core.ids import first_id
from merchant_api.core.replay import IdempotencyKey
from merchant_api.outbox.models import Attempt, Delivery, DeliveryState, Event, EventState
from tests.make.invitations import make_invitation
from tests.make.outbox import make_delivery, make_event
from tests.make.people import make_merchant, make_person, saved


def count(model):
    return session().execute(select(func.count()).select_from(model)).scalar_one()


def days_ago(days):
    """An id as it was made then."""
    return first_id(clock.now() - timedelta(days=days))


def test_old_and_finished_rows_go_and_the_others_stay(database):
    merchant_id = make_merchant().id
    make_event(merchant_id, id=days_ago(91), state=EventState.DONE)
    make_event(merchant_id, id=days_ago(92))
    make_event(merchant_id, id=days_ago(89), state=EventState.DONE)
    old = make_delivery(merchant_id, id=days_ago(91), state=DeliveryState.SENT)
    make_delivery(merchant_id, id=days_ago(89), state=DeliveryState.SENT)
    attempt = {"outcome": "sent", "answer": "", "tried_at": clock.now()}
    saved(Attempt(merchant_id=merchant_id, delivery_id=old.id, number=1, **attempt))

    assert tidy.run().done == 2

    assert (count(Event), count(Delivery), count(Attempt)) == (2, 1, 0)
    assert tidy.run().done == 0


def make_used_key(merchant_id, number, age):
    columns = {"actor_id": "owner:1", "scope": "POST /", "fingerprint": b"", "status": 200, "body": b"{}"}
    instant = clock.now() - age
    saved(IdempotencyKey(merchant_id=merchant_id, key=str(number), claimed_at=instant, **columns))


def test_old_idempotency_keys_go_in_portions_and_the_others_stay(database):
    merchant_id, other = make_merchant().id, make_merchant().id
    for number in range(5):
        make_used_key(merchant_id, number, timedelta(hours=replay.KEPT_H + 1))
    make_used_key(merchant_id, "young", timedelta(hours=replay.KEPT_H - 1))
    make_used_key(other, 0, timedelta(hours=replay.KEPT_H + 1))

    portion = replay.forget(merchant_id, clock.now() - timedelta(hours=replay.KEPT_H), 2)
    session().commit()
    left = count(IdempotencyKey)
    tidied = tidy.run(limit=2).done

    assert (portion, left, tidied) == (2, 5, 4)
    assert session().execute(select(IdempotencyKey.key)).scalars().all() == ["young"]


def test_keys_with_which_staff_opened_merchants_go_too(database):
    staff = make_person(is_staff=True)
    make_used_key(staff.id, 0, timedelta(hours=replay.KEPT_H + 1))

    assert tidy.run().done == 1
    assert count(IdempotencyKey) == 0


def test_invitations_that_nobody_answered_go_30_days_after_they_expired(database):
    make_invitation(make_merchant(), "sita@example.com")
    instant = clock.now()

    with clock.clock.pinned(instant + LIVES + timedelta(days=29)):
        kept = tidy.run().done
    with clock.clock.pinned(instant + LIVES + timedelta(days=31)):
        gone = tidy.run().done

    assert (kept, gone, count(Invitation)) == (0, 1, 0)
