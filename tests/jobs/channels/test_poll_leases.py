"""A round is one process's: a killed one is taken up when its lease ends, and takes nothing twice."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from jobs.channels import poll, poll_round
from jobs.channels.poll_round import LEASE_S
from merchant_api.channels import rounds
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.sales import apply as applying
from merchant_api.channels.states import RoundKind
from merchant_api.core import clock
from merchant_api.core.db import db, in_transaction, session
from merchant_api.core.ids import new_id
from merchant_api.core.tenancy import ACROSS
from merchant_api.orders.models import Order
from tests.make.sales import poll_of, shop_line, shop_order, sold_of
from tests.make.snapshot import check_books
from tests.make.stock import available


class Killed(BaseException):
    """The process is no more."""


def taken(merchant, at):
    return in_transaction(lambda: rounds.take([merchant.id], RoundKind.POLL, at, LEASE_S, 10), ACROSS)


def test_a_lease_is_one_process_s_until_it_ends(channel, merchant):
    now = clock.now()

    assert len(taken(merchant, now)) == 1
    assert taken(merchant, now) == []
    assert taken(merchant, now + timedelta(seconds=LEASE_S - 1)) == []
    assert len(taken(merchant, now + timedelta(seconds=LEASE_S + 1))) == 1


@pytest.mark.parametrize("step", ["settle", "placement", "place"])
def test_what_a_killed_process_left_is_taken_once(channel, merchant, told_shop, mug, listing, monkeypatch, step):
    told_shop.put(*(shop_order(shop_line(mug, 2), external_id=f"#{n}", is_paid=True) for n in range(4)))
    really, calls = getattr(applying, step), []

    def until_killed(*args, **named):
        calls.append(args)
        result = really(*args, **named)
        if len(calls) == 3:
            raise Killed
        return result

    (lost,) = taken(merchant, clock.now())
    with monkeypatch.context() as patch:
        patch.setattr(applying, step, until_killed)
        with pytest.raises(Killed):
            poll_round.poll(lost)
    session().rollback()
    session().execute(update(ChannelRound).values(due_at=clock.now()))
    session().commit()

    poll.run()

    assert (available(mug), sold_of(listing), poll_of(channel).mark) == (42, 8, {"after": 4})
    assert session().execute(select(func.count()).select_from(Order)).scalar_one() == 4
    check_books(merchant.id)


def test_who_lost_his_lease_stops_and_changes_nothing(channel, merchant, told_shop, mug):
    told_shop.put(shop_order(shop_line(mug)))
    (lost,) = taken(merchant, clock.now())
    session().execute(update(ChannelRound).values(lease_token=new_id()))
    session().commit()

    assert poll_round.poll(lost, lease_s=0.0)

    assert (told_shop.asked, available(mug), poll_of(channel).mark) == ([], 50, {})


def test_two_processes_read_a_shop_once(channel, told_shop, mug, fresh):
    told_shop.put(*(shop_order(shop_line(mug), external_id=f"#{n}") for n in range(10)))
    both = threading.Barrier(2)

    def process():
        with fresh.app_context():
            both.wait()
            poll.run()
            db.session.remove()

    threads = [threading.Thread(target=process) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([asked for asked in told_shop.asked if asked[0] == "orders"]) == 1
    assert available(mug) == 40
    check_books(channel.merchant_id)
