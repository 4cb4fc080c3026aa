"""A lease is the deadline of whoever sends and a margin: nobody else sends before, and somebody does soon after."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs import carry_out_refunds
from jobs.sending import carrier as carriers
from jobs.sending.carrier import Carrier
from jobs.sending.deliver import Deliveries
from jobs.sending.lanes import Lanes
from jobs.sending.push import PushDesk
from jobs.sending.widths import IN_ALL, WIDTHS
from jobs.telling import fan_out
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.outbox.claim import MARGIN_S
from merchant_api.outbox.models import Attempt, Delivery, DeliveryState
from merchant_api.providers.provider import REFUNDED_WITHIN_S
from notifications.send import Senders
from tests.jobs.test_carrier import MESSAGE, Stuck
from tests.make.alerts import make_phone
from tests.make.outbox import make_delivery
from tests.make.people import make_member, make_merchant

DEADLINE_S = 15.0


@pytest.fixture
def start(fresh):
    """Makes carriers as of several processes, each with a sender that does not answer."""
    made = []

    def start():
        stuck = Stuck()
        cargo = Deliveries([PushDesk(Senders(stuck, None, deadline_s=DEADLINE_S), say=print)])
        made.append((Carrier(cargo, Lanes(WIDTHS, IN_ALL), threading.Event()), stuck))
        return made[-1][0]

    yield start
    for carrier, stuck in made:
        stuck.close()
        carrier.drain(5)


@pytest.fixture
def waiting(fresh):
    """A delivery to a phone."""
    merchant = make_merchant()
    owner = make_member(merchant)
    make_phone(owner)
    return make_delivery(merchant.id, person_id=owner.id, message=MESSAGE)


def reread(row):
    found = session().get(type(row), (row.merchant_id, row.id), populate_existing=True)
    session().rollback()
    return found


def test_a_push_is_leased_for_its_deadline_and_a_margin(waiting, start):
    instant = clock.now()

    with clock.clock.pinned(instant):
        assert start().turn() == 1

    assert reread(waiting).due_at == instant + timedelta(seconds=DEADLINE_S + MARGIN_S)


def test_what_a_dead_process_held_is_taken_up_when_its_lease_ends_and_not_before(waiting, start):
    lease = timedelta(seconds=DEADLINE_S + MARGIN_S)
    instant = clock.now()
    with clock.clock.pinned(instant):
        start().turn()
    other = start()

    with clock.clock.pinned(instant + lease - timedelta(milliseconds=1)):
        assert other.turn() == 0
    with clock.clock.pinned(instant + lease):
        assert other.turn() == 1

    assert reread(waiting).attempts == 2


def test_what_a_stop_cuts_off_is_tried_again_before_its_lease_ends(waiting, start):
    carrier = start()
    carrier.turn()

    assert not carrier.drain(0)

    given_back = reread(waiting)
    assert (given_back.state, given_back.lease_token) == (DeliveryState.PENDING, None)
    assert given_back.due_at <= clock.now() + timedelta(seconds=2)
    attempt = session().execute(select(Attempt)).scalar_one()
    assert (attempt.outcome, attempt.number, attempt.answer) == ("later", 1, carriers.CUT_OFF.why)


def test_what_was_leased_too_long_ago_does_not_set_out(waiting, start, monkeypatch):
    monkeypatch.setattr(carriers, "SETS_OUT_WITHIN_S", -1.0)

    assert start().turn() == 0

    left = reread(waiting)
    assert (left.state, left.attempts, left.lease_token) == (DeliveryState.PENDING, 0, None)


def test_who_sends_nothing_has_a_short_lease_and_refunds_have_theirs():
    assert fan_out.LEASE_S == MARGIN_S
    assert carry_out_refunds.LEASE_S == REFUNDED_WITHIN_S + MARGIN_S


def test_no_delivery_is_leased_that_cannot_set_out(waiting, start):
    for _ in range(5):
        make_delivery(waiting.merchant_id, person_id=waiting.person_id, message=MESSAGE)

    assert start().turn() == 1

    leased = session().execute(select(Delivery.id).where(Delivery.lease_token.is_not(None))).scalars().all()
    assert leased == [waiting.id]
