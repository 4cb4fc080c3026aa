"""The poll: pages and marks, hints, open orders read again, shops that fail, and orders that are bad."""

from datetime import timedelta

from sqlalchemy import update

from jobs.channels import poll, poll_round
from jobs.sweep import Tally
from merchant_api.channels.connector import Abilities
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.sale_models import Sale
from merchant_api.core import clock
from merchant_api.core.db import session
from tests.make.sales import make_due, numbered_order, poll_of, sale_of, shop_line, shop_order
from tests.make.snapshot import check_books
from tests.make.stock import available

ONE = Tally(done=1)


def test_all_pages_are_read_and_the_mark_moves_with_each(channel, told_shop, mug):
    told_shop.page = 2
    told_shop.put(*(numbered_order(mug, number) for number in range(5)))

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
    told_shop.put(*(numbered_order(mug, number) for number in range(3)))
    poll.run()
    monkeypatch.setattr(poll_round, "MOST_BY_ID", 2)
    told_shop.orders_now["#0"] = shop_order(shop_line(mug, 1, taken=0, cancelled=1), external_id="#0", is_open=False)
    session().execute(update(Sale).values(read_at=clock.now() - timedelta(hours=1)))
    session().execute(update(Sale).where(Sale.external_id == "#0").values(read_at=clock.now() - timedelta(hours=2)))
    session().commit()
    make_due(channel)
    told_shop.asked.clear()

    poll.run()

    (asked,) = [ids for what, ids in told_shop.asked if what == "by_id"]
    assert (len(asked), asked[0]) == (2, "#0")
    assert (available(mug), sale_of(channel, "#0").is_open) == (48, False)


def test_an_order_that_the_shop_has_no_more_is_not_asked_for_again(channel, told_shop, mug):
    told_shop.abilities = Abilities(credentials=(), rereads_open=True)
    told_shop.put(numbered_order(mug, 1))
    poll.run()
    told_shop.orders_now.clear()
    session().execute(update(Sale).values(read_at=clock.now() - timedelta(hours=1)))
    session().commit()
    make_due(channel)

    poll.run()

    assert (sale_of(channel, "#1").is_open, available(mug)) == (False, 49)
