"""The poll: pages and marks, hints, open orders read again, shops that fail, and orders that are bad."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from jobs.channels import apply_each, poll, poll_round
from jobs.sweep import Tally
from merchant_api.channels.connector import Abilities
from merchant_api.channels.faults import ShopAway, ShopBusy, ShopDenies
from merchant_api.channels.models import Channel
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.sale_models import Sale
from merchant_api.channels.states import ChannelState, SaleState
from merchant_api.core import clock
from merchant_api.core.db import session
from tests.make.channels import make_channel
from tests.make.sales import make_poll, poll_of, sale_of, shop_line, shop_order
from tests.make.snapshot import check_books
from tests.make.stock import available

ONE = Tally(done=1)


def due_now(channel):
    session().rollback()
    session().execute(update(ChannelRound).where(ChannelRound.channel_id == channel.id).values(due_at=clock.now()))
    session().commit()


def state_of(channel):
    session().rollback()
    return session().execute(select(Channel.state, Channel.failures, Channel.why).where(Channel.id == channel.id)).one()


def numbered(mug, number):
    return shop_order(shop_line(mug), external_id=f"#{number}")


def test_all_pages_are_read_and_the_mark_moves_with_each(channel, told_shop, mug):
    told_shop.page = 2
    told_shop.put(*(numbered(mug, number) for number in range(5)))

    assert poll.run() == ONE

    marks = [asked[1] for asked in told_shop.asked if asked[0] == "orders"]
    assert marks == [{}, {"after": 2}, {"after": 4}]
    assert (poll_of(channel).mark, available(mug)) == ({"after": 5}, 45)
    assert poll_of(channel).read_until is not None
    check_books(channel.merchant_id)


def test_it_is_due_again_within_a_minute(channel, told_shop):
    told_shop.abilities = Abilities(credentials=(), hears_events=True)
    poll.run()

    found = poll_of(channel)
    assert timedelta(seconds=15) < found.due_at - clock.now() < timedelta(seconds=60)
    assert (found.lease_token, poll.run()) == (None, Tally())


def test_a_shop_that_tells_nothing_is_asked_every_quarter_of_a_minute(channel):
    poll.run()

    assert poll_of(channel).due_at - clock.now() <= timedelta(seconds=15)


def test_hints_are_read_by_their_ids_and_forgotten(channel, told_shop, mug):
    told_shop.orders_now["#9"] = shop_order(shop_line(mug, 3), external_id="#9")
    session().execute(update(ChannelRound).where(ChannelRound.channel_id == channel.id).values(hints=["#9", "#9"]))
    session().commit()

    poll.run()

    assert told_shop.asked[0] == ("by_id", ["#9"])
    assert (poll_of(channel).hints, available(mug)) == ([], 47)


def test_what_is_told_during_a_poll_makes_it_due_at_once(channel, told_shop, mug):
    told_shop.orders_now["#9"] = shop_order(shop_line(mug), external_id="#9")
    told = []

    def tell():
        if not told:
            told.append(True)
            rows = update(ChannelRound).where(ChannelRound.channel_id == channel.id)
            session().execute(rows.values(hints=["#9"]))
            session().commit()

    told_shop.before = tell

    assert poll.run() == Tally(done=2)

    assert (poll_of(channel).hints, available(mug)) == ([], 49)


def test_orders_that_may_change_are_read_again_the_longest_unread_first(channel, told_shop, mug, monkeypatch):
    told_shop.abilities = Abilities(credentials=(), rereads_open=True)
    told_shop.put(*(numbered(mug, number) for number in range(3)))
    poll.run()
    monkeypatch.setattr(poll_round, "MOST_BY_ID", 2)
    told_shop.orders_now["#0"] = shop_order(shop_line(mug, 1, taken=0, cancelled=1), external_id="#0", is_open=False)
    session().execute(update(Sale).values(read_at=clock.now() - timedelta(hours=1)))
    session().execute(update(Sale).where(Sale.external_id == "#0").values(read_at=clock.now() - timedelta(hours=2)))
    session().commit()
    due_now(channel)
    told_shop.asked.clear()

    poll.run()

    (asked,) = [ids for what, ids in told_shop.asked if what == "by_id"]
    assert (len(asked), asked[0]) == (2, "#0")
    assert (available(mug), sale_of(channel, "#0").is_open) == (48, False)


def test_an_order_that_the_shop_has_no_more_is_not_asked_for_again(channel, told_shop, mug):
    told_shop.abilities = Abilities(credentials=(), rereads_open=True)
    told_shop.put(numbered(mug, 1))
    poll.run()
    told_shop.orders_now.clear()
    session().execute(update(Sale).values(read_at=clock.now() - timedelta(hours=1)))
    session().commit()
    due_now(channel)

    poll.run()

    assert (sale_of(channel, "#1").is_open, available(mug)) == (False, 49)


@pytest.mark.parametrize("fault", [ShopDenies("The key is wrong: make a new one."), ShopAway("No answer.")])
def test_a_shop_that_fails_is_shown_and_left_alone_for_a_while(channel, told_shop, fault):
    told_shop.fault = fault
    for _ in range(3):
        due_now(channel)
        assert poll.run() == Tally(bad=1)

    assert state_of(channel) == (ChannelState.FAILING, 3, str(fault))
    assert poll_of(channel).due_at - clock.now() > timedelta(seconds=10)

    told_shop.fault = None
    due_now(channel)
    poll.run()
    assert state_of(channel) == (ChannelState.READY, 0, None)


def test_a_shop_that_asks_for_patience_has_not_failed(channel, told_shop):
    told_shop.fault = ShopBusy("Too many calls.", after_s=300)

    poll.run()

    assert state_of(channel)[0] is ChannelState.READY
    assert poll_of(channel).due_at - clock.now() > timedelta(seconds=250)


def test_what_was_applied_before_a_shop_failed_is_not_read_again(channel, told_shop, mug):
    told_shop.page = 1
    told_shop.put(numbered(mug, 1), numbered(mug, 2))

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
    told_shop.put(numbered(mug, 1), numbered(mug, 2))

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
    told_shop.put(numbered(mug, 1))
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
