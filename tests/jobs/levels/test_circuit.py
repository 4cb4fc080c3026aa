"""A shop that fails is left alone, tried with one call and told of once; the others do not notice."""

from collections import deque
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.channels import send
from jobs.channels.line import LevelLine
from merchant_api.channels.faults import ShopAway, ShopBusy, ShopDenies
from merchant_api.channels.states import ChannelState, LevelState
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.outbox.models import Event
from tests.jobs.levels.conftest import settle
from tests.make.channels import make_channel, stack_of
from tests.make.levels import channel_now, make_waiting
from tests.make.people import make_merchant

AWAY = ShopAway("The shop answered 503.", "busy", 503)


@pytest.fixture
def merchant(fresh):
    return make_merchant()


@pytest.fixture(autouse=True)
def unrested(monkeypatch):
    """A channel that rests in this process is tried all the same: what is in the database decides."""
    monkeypatch.setattr(LevelLine, "is_resting", False)


def told(merchant):
    session().rollback()
    rows = select(Event.type).where(Event.merchant_id == merchant.id, Event.type.like("channel.%")).order_by(Event.id)
    return list(session().execute(rows).scalars())


def fail(channel, shops, sending, times):
    """So many calls in a row that fail, each when the last one's wait is over."""
    shops.faults[channel.address] = deque([AWAY] * times)
    for number in range(times):
        with clock.clock.pinned(clock.now() + timedelta(hours=number + 1)):
            settle(sending)


def test_three_failures_in_a_row_open_the_circuit_and_are_told_once(merchant, shops, sending):
    channel = make_channel(merchant)
    make_waiting(merchant, channel, 5)

    fail(channel, shops, sending, 5)

    found = channel_now(channel)
    assert (found.state, found.why, found.failures) == (ChannelState.FAILING, str(AWAY), 5)
    assert told(merchant) == ["channel.failing"]


def test_records_wait_for_a_failing_channel_without_attempts_and_show_its_answer(merchant, shops, sending):
    channel = make_channel(merchant)
    make_waiting(merchant, channel, 5)

    fail(channel, shops, sending, 4)

    (record,) = stack_of(merchant.id)
    assert (record.state, record.attempts, record.status, record.text) == (LevelState.PENDING, 0, 503, "busy")


def test_a_failing_channel_is_tried_with_one_record_and_all_follow_its_success(merchant, shops, sending):
    channel = make_channel(merchant)
    make_waiting(merchant, channel, *range(1, 8))
    fail(channel, shops, sending, 3)
    shops.calls.clear()

    with clock.clock.pinned(clock.now() + timedelta(days=1)):
        settle(sending)

    assert [len(call) for call in shops.sent()] == [1, 6]
    assert (channel_now(channel).state, told(merchant)) == (ChannelState.READY, ["channel.failing", "channel.ready"])


def test_a_shop_that_denies_us_is_failing_at_once(merchant, shops, sending):
    channel = make_channel(merchant)
    make_waiting(merchant, channel, 5)
    shops.faults[channel.address] = deque([ShopDenies("The key is wrong.")])

    settle(sending)

    assert (channel_now(channel).state, told(merchant)) == (ChannelState.FAILING, ["channel.failing"])


def test_a_busy_shop_is_left_alone_and_does_not_fail(merchant, shops, sending):
    channel = make_channel(merchant)
    make_waiting(merchant, channel, 5)
    shops.faults[channel.address] = deque([ShopBusy("Patience.", after_s=30)])

    settle(sending)

    (record,) = stack_of(merchant.id)
    assert (channel_now(channel).failures, record.attempts) == (0, 0)
    assert record.due_at > clock.now() + timedelta(seconds=25)


def test_a_dead_shop_holds_up_no_other(merchant, shops, sending):
    dead, good = make_channel(merchant), make_channel(merchant)
    make_waiting(merchant, dead, *range(1, 30))
    products = make_waiting(merchant, good, 5, 6)
    gate = shops.gate(dead.address)

    while len(shops.levels) < len(products):
        sending.turn()

    assert {address for address, _ in shops.levels} == {good.address}
    gate.set()


def test_what_a_killed_process_held_goes_out_by_another_when_its_lease_ends(merchant, shops, start):
    channel = make_channel(merchant)
    (product,) = make_waiting(merchant, channel, 5)
    shops.gate(channel.address)
    start().turn()
    assert shops.began.acquire(timeout=20)
    other = start()

    assert other.turn() == 0
    shops.gates.pop(channel.address).set()
    with clock.clock.pinned(clock.now() + timedelta(seconds=send.LEASE_S + 1)):
        settle(other)

    assert shops.sent() == [[(product.sku, 5)]] * 2


def test_two_senders_send_each_level_once(merchant, shops, start):
    channel = make_channel(merchant)
    shops.can(most_set=2, calls_at_once=2)
    products = make_waiting(merchant, channel, *range(1, 30))
    one, two = start(), start()

    while one.turn() + two.turn() or one.is_busy or two.is_busy:
        pass

    sent = [sku for call in shops.sent() for sku, _ in call]
    assert (sorted(sent), shops.overlaps) == (sorted(each.sku for each in products), [])
