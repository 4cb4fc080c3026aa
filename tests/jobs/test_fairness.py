"""Whoever is slow or dead holds up itself and nobody else."""

import threading
import time

import pytest
from sqlalchemy import func, select

from jobs.deliver import Deliverer
from jobs.lanes import WIDTHS
from merchant_api.core.db import session
from merchant_api.outbox.models import Delivery, DeliveryState
from notifications.outcome import Sent
from notifications.send import Senders
from tests.make.alerts import make_phone
from tests.make.outbox import make_delivery
from tests.make.people import make_member, make_merchant

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
    made = Deliverer(Senders(sticky, None, log=print), lease_s=60, say=print)
    yield made
    sticky.close()
    made.drain(5)


def make_due(merchant, address, count):
    for number in range(count):
        person = make_member(merchant)
        make_phone(person, f"{address}-{number}")
        make_delivery(merchant.id, person_id=person.id, message=MESSAGE)


def sent_of(merchant):
    which = (Delivery.merchant_id == merchant.id, Delivery.state == DeliveryState.SENT)
    count = session().execute(select(func.count()).where(*which)).scalar_one()
    session().rollback()
    return count


def turn_until(deliverer, condition):
    ends_at = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < ends_at
        deliverer.turn()
        time.sleep(0.005)


def test_a_merchant_whose_phones_do_not_answer_does_not_hold_up_another(deliverer, sticky):
    slow, quick = make_merchant(), make_merchant()
    make_due(slow, "slow", 20)
    make_due(quick, "quick", 20)

    turn_until(deliverer, lambda: sent_of(quick) == 20)

    assert sum(address.startswith("slow") for address in sticky.tried) == WIDTHS["merchant"]
    sticky.let_go.set()
    turn_until(deliverer, lambda: sent_of(slow) == 20)


def test_messages_to_one_phone_go_one_after_the_other(deliverer, sticky):
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
