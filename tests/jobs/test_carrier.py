"""The carrier knows no cargo: another table rides on it, and another medium beside pushes."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import TimeoutError as NoConnection

from jobs.sending.cargo import Round
from jobs.sending.carrier import Carrier
from jobs.sending.deliver import Deliveries
from jobs.sending.desk import Packed
from jobs.sending.lanes import Lanes
from jobs.sending.push import PushDesk
from jobs.sending.widths import IN_ALL, WIDTHS
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.outbox import finish
from merchant_api.outbox.models import AddressKind, Attempt, Delivery, DeliveryState, Event, EventState, Medium
from notifications.outcome import Outcome, Sent
from notifications.send import Senders
from tests.make.alerts import make_phone
from tests.make.outbox import make_delivery, make_event
from tests.make.people import make_member, make_merchant
from tests.make.turns import turn_until

MESSAGE = {"type": "order.paid", "tag": "t", "title": "T", "body": "B", "data": {}, "is_silent": False}


@dataclass(frozen=True)
class Crate:
    """A row of any table; in the lane of its merchant."""

    row: Event | Delivery
    open_it: Callable[[], Outcome]

    @property
    def lanes(self):
        return [("merchant", str(self.row.merchant_id))]

    def send(self):
        return self.open_it()

    def settle(self, outcome):
        pass


class Crates:
    """Events as a cargo of their own: done when they were sent."""

    name, table, deadline_s = "crates", Event, 7.0

    def __init__(self, open_it):
        self.open_it, self.settled_with = open_it, []

    def rounds(self, lanes):
        return [Round((), (Event.id,), lambda merchant_id: [("merchant", str(merchant_id))], self.deadline_s)]

    def lanes_of(self, row):
        return [("merchant", str(row.merchant_id))]

    def pack(self, leased):
        return [Crate(each, self.open_it) for each in leased]

    def record(self, ended):
        return {each.row.id for each, _ in ended if finish.change(each.row, state=EventState.DONE, lease_token=None)}

    def settled(self, parcel, outcome):
        self.settled_with.append((parcel.row.id, outcome))


class CratesOfAServerThatGoesAway(Crates):
    """The second merchant whose rows are recorded finds no connection, once."""

    recorded = 0

    def record(self, ended):
        self.recorded += 1
        if self.recorded == 2:
            raise NoConnection("no connection was free")
        return super().record(ended)


class MailDesk:
    """A second medium: what is mailed is noted."""

    medium = Medium.MAIL

    def __init__(self):
        self.mailed = []

    def rounds(self, lanes):
        is_mail = (Delivery.medium == Medium.MAIL,)
        return [Round(is_mail, (Delivery.id,), lambda merchant_id: [("merchant", str(merchant_id))], 60.0)]

    def lanes_of(self, row):
        return [("merchant", str(row.merchant_id))]

    def pack(self, deliveries):
        return Packed([Crate(each, partial(self._mail, each)) for each in deliveries], {})

    def _mail(self, delivery):
        self.mailed.append(delivery.id)
        return Sent("mailed")


class Stuck:
    """A sender of pushes that does not answer until it is let go."""

    def __init__(self):
        self.let_go = threading.Event()

    def send(self, _address, _message):
        self.let_go.wait(30)
        return Sent()

    def close(self):
        self.let_go.set()


@pytest.fixture
def stuck():
    sender = Stuck()
    yield sender
    sender.close()


def state_of(row):
    found = session().get(type(row), (row.merchant_id, row.id), populate_existing=True).state
    session().rollback()
    return found


def test_rows_of_another_table_are_claimed_sent_and_recorded(fresh):
    merchant = make_merchant()
    events = [make_event(merchant.id) for _ in range(5)]
    cargo = Crates(lambda: Sent("taken"))
    carrier = Carrier(cargo, Lanes({"merchant": 2}, 4), wake=threading.Event())

    turn_until(carrier, lambda: len(cargo.settled_with) == 5)

    assert {state_of(each) for each in events} == {EventState.DONE}
    assert {outcome for _, outcome in cargo.settled_with} == {Sent("taken")}
    assert not carrier.is_busy
    assert carrier.drain(5)


def test_no_more_is_claimed_than_the_lanes_have_room_for(fresh):
    let_go, opened = threading.Event(), []
    cargo = Crates(lambda: opened.append(1) or (let_go.wait(30) and Sent()))
    first, second = make_merchant(), make_merchant()
    for merchant in (first, second):
        for _ in range(4):
            make_event(merchant.id)
    carrier = Carrier(cargo, Lanes({"merchant": 2}, 3), wake=threading.Event())

    turn_until(carrier, lambda: len(opened) == 3)
    for _ in range(3):
        carrier.turn()
    leased = session().execute(select(Event.id).where(Event.lease_token.is_not(None))).all()
    session().rollback()

    assert (len(opened), len(leased)) == (3, 3)
    let_go.set()
    turn_until(carrier, lambda: len(cargo.settled_with) == 8)
    assert carrier.drain(5)


def test_what_breaks_on_its_way_is_settled_as_later(fresh):
    make_event(make_merchant().id)
    cargo = Crates(lambda: {}["nothing"])
    carrier = Carrier(cargo, Lanes({"merchant": 2}, 4), wake=threading.Event())

    turn_until(carrier, lambda: len(cargo.settled_with) == 1)

    ((_, outcome),) = cargo.settled_with
    assert outcome.why == "the sender broke (KeyError('nothing'))"
    assert carrier.drain(5)


def test_what_was_recorded_before_the_database_went_away_is_settled_afterwards(fresh):
    events = [make_event(make_merchant().id) for _ in range(2)]
    cargo = CratesOfAServerThatGoesAway(lambda: Sent("taken"))
    woken = threading.Event()
    carrier = Carrier(cargo, Lanes({"merchant": 2}, 4), wake=woken)
    carrier.turn()
    until = time.monotonic() + 30
    while len(carrier._ended) < 2 and time.monotonic() < until:
        woken.wait(1)
        woken.clear()

    with pytest.raises(NoConnection):
        carrier.turn()
    session().rollback()
    carrier.turn()

    assert sorted(event_id for event_id, _ in cargo.settled_with) == sorted(each.id for each in events)
    assert {state_of(each) for each in events} == {EventState.DONE}
    assert carrier.drain(5)


def test_a_mail_goes_over_its_own_desk_while_pushes_do_not_answer(fresh, stuck):
    merchant, desk = make_merchant(), MailDesk()
    owner = make_member(merchant)
    make_phone(owner)
    push = make_delivery(merchant.id, person_id=owner.id, message=MESSAGE)
    mail = make_delivery(merchant.id, person_id=owner.id, address_kind=AddressKind.MAIL, address_id="login")
    cargo = Deliveries([PushDesk(Senders(stuck, None), say=print), desk])
    carrier = Carrier(cargo, Lanes(WIDTHS, IN_ALL), wake=threading.Event())

    turn_until(carrier, lambda: state_of(mail) is DeliveryState.SENT)

    assert desk.mailed == [mail.id]
    assert state_of(push) is DeliveryState.PENDING
    attempt = session().execute(select(Attempt)).scalar_one()
    assert (attempt.delivery_id, attempt.outcome, attempt.answer) == (mail.id, "sent", "mailed")
    stuck.let_go.set()
    turn_until(carrier, lambda: state_of(push) is DeliveryState.SENT)
    assert carrier.drain(5)


def test_what_has_no_desk_here_waits_for_a_process_that_has_one(fresh, stuck):
    merchant = make_merchant()
    hook = {"person_id": None, "audience": None, "address_kind": AddressKind.WEBHOOK, "address_id": str(new_id())}
    waits = make_delivery(merchant.id, **hook)
    carrier = Carrier(
        Deliveries([PushDesk(Senders(stuck, None), say=print)]),
        Lanes(WIDTHS, IN_ALL),
        wake=threading.Event(),
    )

    assert carrier.turn() == 0

    found = session().get(Delivery, (merchant.id, waits.id), populate_existing=True)
    assert (found.state, found.attempts, found.lease_token) == (DeliveryState.PENDING, 0, None)
    assert carrier.drain(5)
