"""Whoever is slow or dead holds up itself and nobody else."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from jobs.sending.carrier import Carrier
from jobs.sending.deliver import Deliveries
from jobs.sending.lanes import Lanes
from jobs.sending.push import PushDesk
from jobs.sending.widths import IN_ALL, WIDTHS
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.outbox.models import Delivery, DeliveryState
from notifications.outcome import Sent
from notifications.send import Senders
from tests.make.alerts import make_phone
from tests.make.outbox import make_delivery
from tests.make.people import make_customer, make_member, make_merchant
from tests.make.turns import turn_until

MESSAGE = {"type": "order.paid", "tag": "t", "title": "T", "body": "B", "data": {}, "is_silent": False}


class Sticky:
    """A sender that answers nobody whose address begins with `slow` until it is let go."""

    def __init__(self):
        self.let_go, self.tried = threading.Event(), []

    def send(self, address, _message):
        self.tried.append(address.address)
        if address.address.startswith("slow"):
            self.let_go.wait(30)
        return Sent()

    def close(self):
        self.let_go.set()


@pytest.fixture
def sticky():
    sender = Sticky()
    yield sender
    sender.close()


@pytest.fixture
def deliverer(fresh, sticky):
    cargo = Deliveries([PushDesk(Senders(sticky, None), say=print)])
    made = Carrier(cargo, Lanes(WIDTHS, IN_ALL), wake=threading.Event())
    yield made
    sticky.close()
    made.drain(5)


def make_due(merchant, address, count):
    for number in range(count):
        person = make_member(merchant)
        make_phone(person, f"{address}-{number}")
        make_delivery(merchant.id, person_id=person.id, message=MESSAGE)


def make_swamp(merchant, person, audience):
    """Twenty phones of one person that never answer, each with three messages due before all others."""
    long_due = clock.now() - timedelta(minutes=1)
    columns = {"person_id": person.id, "audience": audience, "message": MESSAGE, "due_at": long_due}
    for number in range(20):
        make_phone(person, f"slow-{audience}-{number}", f"phone-{number}")
        for _ in range(3):
            make_delivery(merchant.id, address_id=f"phone-{number}", **columns)


def sent_of(merchant):
    which = (Delivery.merchant_id == merchant.id, Delivery.state == DeliveryState.SENT)
    count = session().execute(select(func.count()).where(*which)).scalar_one()
    session().rollback()
    return count


def test_a_merchant_whose_phones_do_not_answer_does_not_hold_up_another(deliverer, sticky):
    slow, quick = make_merchant(), make_merchant()
    make_due(slow, "slow", 30)
    make_due(quick, "quick", 20)

    turn_until(deliverer, lambda: sent_of(quick) == 20)

    assert sum(address.startswith("slow") for address in sticky.tried) == WIDTHS["merchant"]
    sticky.let_go.set()
    turn_until(deliverer, lambda: sent_of(slow) == 30)


def test_messages_of_one_tag_to_one_phone_go_one_after_the_other(deliverer, sticky):
    merchant = make_merchant()
    person = make_member(merchant)
    make_phone(person, "slow-phone")
    first = make_delivery(merchant.id, person_id=person.id, message=MESSAGE)
    second = make_delivery(merchant.id, person_id=person.id, message=MESSAGE)

    turn_until(deliverer, lambda: bool(sticky.tried))
    deliverer.turn()

    assert len(sticky.tried) == 1
    waiting = session().get(Delivery, (merchant.id, second.id), populate_existing=True)
    assert (waiting.state, waiting.attempts, waiting.lease_token) == (DeliveryState.PENDING, 0, None)
    assert session().get(Delivery, (merchant.id, first.id), populate_existing=True).attempts == 1


@pytest.mark.parametrize("audience", ["customer", "merchant"])
def test_a_person_with_many_dead_phones_does_not_hold_up_the_ring_to_another(deliverer, sticky, audience):
    merchant = make_merchant()
    person = make_customer(merchant) if audience == "customer" else make_member(merchant)
    make_swamp(merchant, person, audience)
    make_due(merchant, "quick", 10)
    started = time.monotonic()

    turn_until(deliverer, lambda: sent_of(merchant) == 10)

    assert time.monotonic() - started < 5
    assert sum(address.startswith("slow") for address in sticky.tried) <= WIDTHS["person"]


def test_customers_never_take_all_the_room_there_is(deliverer, sticky):
    for _ in range(6):
        merchant = make_merchant()
        for number in range(4):
            person = make_customer(merchant)
            make_phone(person, f"slow-{person.id}-{number}")
            make_delivery(merchant.id, person_id=person.id, audience="customer", message=MESSAGE)

    turn_until(deliverer, lambda: len(sticky.tried) == WIDTHS["customers"])
    for _ in range(5):
        deliverer.turn()

    assert len(sticky.tried) == WIDTHS["customers"] < IN_ALL
