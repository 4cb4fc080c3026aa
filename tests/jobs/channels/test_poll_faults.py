"""Shops that fail, answers that are odd, bad orders: shown, left alone for a while, and nobody else is held up."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from jobs.channels import apply_each, poll
from jobs.sweep import Tally
from merchant_api.channels.faults import ShopAway, ShopBusy, ShopDenies
from merchant_api.channels.models import Channel
from merchant_api.channels.states import ChannelState, SaleState
from merchant_api.core import clock
from merchant_api.core.db import session
from tests.make.channels import make_channel
from tests.make.sales import make_due, make_poll, numbered_order, poll_of, sale_of
from tests.make.stock import available

ONE = Tally(done=1)


def state_of(channel):
    session().rollback()
    return session().execute(select(Channel.state, Channel.failures, Channel.why).where(Channel.id == channel.id)).one()


@pytest.mark.parametrize("fault", [ShopDenies("The key is wrong: make a new one."), ShopAway("No answer.")])
def test_a_shop_that_fails_is_shown_and_left_alone_for_a_while(channel, told_shop, fault):
    told_shop.fault = fault
    for _ in range(3):
        make_due(channel)
        assert poll.run() == Tally(bad=1)

    assert state_of(channel) == (ChannelState.FAILING, 3, str(fault))
    assert poll_of(channel).due_at - clock.now() > timedelta(seconds=10)

    told_shop.fault = None
    make_due(channel)
    poll.run()
    assert state_of(channel) == (ChannelState.READY, 0, None)


def test_a_shop_that_asks_for_patience_has_not_failed(channel, told_shop):
    told_shop.fault = ShopBusy("Too many calls.", after_s=300)

    poll.run()

    assert state_of(channel)[0] is ChannelState.READY
    assert poll_of(channel).due_at - clock.now() > timedelta(seconds=250)


def test_what_was_applied_before_a_shop_failed_is_not_read_again(channel, told_shop, mug):
    told_shop.page = 1
    told_shop.put(numbered_order(mug, 1), numbered_order(mug, 2))

    def fail_at_the_second():
        told_shop.fault = ShopAway("No answer.") if len(told_shop.asked) == 2 else None

    told_shop.before = fail_at_the_second

    assert poll.run() == Tally(bad=1)

    assert (poll_of(channel).mark, available(mug)) == ({"after": 1}, 49)


def test_an_answer_of_another_shape_is_the_shops_fault(channel, told_shop):
    def odd():
        raise KeyError("orders")

    told_shop.before = odd

    assert poll.run() == Tally(bad=1)

    assert "answers something" in state_of(channel)[2]


def test_an_order_that_can_not_be_applied_keeps_nobody_else(channel, told_shop, mug, monkeypatch):
    really = apply_each.apply

    def fail_for_one(reading):
        if reading.order.external_id == "#1":
            raise RuntimeError("a bug of ours")
        return really(reading)

    monkeypatch.setattr(apply_each, "apply", fail_for_one)
    told_shop.put(numbered_order(mug, 1), numbered_order(mug, 2))

    assert poll.run() == ONE

    assert (sale_of(channel, "#1").state, sale_of(channel, "#2").state) == (SaleState.PARKED, SaleState.TAKEN)
    assert poll_of(channel).mark == {"after": 2}


def test_a_channel_that_has_ended_or_rests_is_not_asked(channel, merchant, told_shop):
    resting = make_channel(merchant)
    make_poll(resting, is_on=False)
    session().execute(
        update(Channel).where(Channel.id == channel.id).values(ended_at=clock.now(), sealed_credentials=None)
    )
    session().commit()

    poll.run()

    assert told_shop.asked == []
    assert [poll_of(each).is_on for each in (channel, resting)] == [False, False]


def test_a_slow_shop_keeps_nobody_but_itself(channel, merchant, told_shop, mug):
    told_shop.put(numbered_order(mug, 1))
    for _ in range(3):
        make_poll(make_channel(merchant))
    others_came, is_slow = threading.Semaphore(0), threading.Lock()

    def first_waits_for_the_others():
        if is_slow.acquire(blocking=False):
            assert all(others_came.acquire(timeout=10) for _ in range(3))
        else:
            others_came.release()

    told_shop.before = first_waits_for_the_others

    assert poll.run() == Tally(done=4)

    assert available(mug) == 46
