"""Pulling: what the shop changed itself is told and, where it was asked for, taken over; its orders are no change."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from merchant_api.accounts.models import Merchant
from merchant_api.channels.faults import ShopAway, ShopDenies
from merchant_api.channels.models import Listing
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.runs import start
from merchant_api.channels.runs.errors import NotSynchronised
from merchant_api.channels.states import ListingFault, RunKind, RunState
from merchant_api.core.db import session
from merchant_api.stock.ledger_models import LedgerRow
from tests.make.channels import make_level, make_listing
from tests.make.people import make_actor
from tests.make.snapshot import check_books
from tests.make.stock import balances, make_cell, make_product
from tests.services.channels.runs.conftest import go_on


def listed(channel, shop, on_hand, theirs, **columns):
    product = make_product(session().get(Merchant, channel.merchant_id), on_hand=on_hand)
    shop.levels[product.sku] = theirs
    make_listing(channel, product, acknowledged=on_hand, **columns)
    return product


def known(channel, until):
    rounds = update(ChannelRound).where(ChannelRound.merchant_id == channel.merchant_id)
    session().execute(rounds.values(read_until=until))
    session().commit()


def reread(product):
    session().expire_all()
    return session().execute(select(Listing).where(Listing.product_id == product.id)).scalar_one()


def test_without_apply_both_figures_are_told_and_nothing_changes(channel, shop, carried):
    more, same = listed(channel, shop, 5, 8), listed(channel, shop, 5, 5)

    run = carried(RunKind.PULL, apply=False)

    assert (run.state, run.done) == (RunState.DONE, 2)
    change = {"product_id": str(more.id), "sku": more.sku, "ours": 5, "theirs": 8, "change": 3}
    assert run.changes == [change]
    assert (balances(more), balances(same)) == ((5, 0, 0), (5, 0, 0))


def test_what_the_shop_changed_becomes_entries_of_the_ledger_in_the_name_of_the_channel(channel, shop, carried):
    more, fewer = listed(channel, shop, 5, 8), listed(channel, shop, 5, 1)

    carried(RunKind.PULL)

    assert (balances(more), balances(fewer)) == ((8, 0, 0), (1, 0, 0))
    rows = session().query(LedgerRow).filter_by(merchant_id=channel.merchant_id, reason="channel_import").all()
    assert {(row.on_hand_change, row.actor["name"], row.actor["id"]) for row in rows} == {
        (3, channel.name, f"channel:{channel.id}"),
        (-4, channel.name, f"channel:{channel.id}"),
    }
    assert (reread(more).acknowledged, reread(more).expected) == (8, 8)
    check_books(channel.merchant_id)


def test_pulled_twice_nothing_changes_any_more(channel, shop, carried):
    more = listed(channel, shop, 5, 8)
    carried(RunKind.PULL)

    again = carried(RunKind.PULL)

    assert (again.changes, balances(more)) == ([], (8, 0, 0))


def test_what_its_orders_took_is_no_change_of_the_shop(channel, shop, carried):
    sold = listed(channel, shop, 5, 3, sold=2)

    run = carried(RunKind.PULL)

    assert (run.changes, balances(sold)) == ([], (5, 0, 0))


def test_an_order_that_is_imported_between_both_reads_is_no_change_either(channel, shop, carried):
    sold = listed(channel, shop, 5, 3)
    known(channel, datetime.now(UTC) - timedelta(minutes=1))
    run = carried(RunKind.PULL)

    session().execute(update(Listing).where(Listing.merchant_id == channel.merchant_id).values(sold=2))
    known(channel, datetime.now(UTC) + timedelta(days=1))
    run.due_at = run.created_at
    session().commit()
    after = go_on(run)

    assert (after.state, after.changes, balances(sold)) == (RunState.DONE, [], (5, 0, 0))


def test_what_differs_is_believed_only_once_the_orders_until_then_are_known(channel, shop, carried):
    more = listed(channel, shop, 5, 8)
    known(channel, datetime.now(UTC) - timedelta(minutes=1))

    waiting = carried(RunKind.PULL)
    assert (waiting.state, waiting.changes, balances(more)) == (RunState.PENDING, [], (5, 0, 0))
    (poll,) = session().query(ChannelRound).filter_by(merchant_id=channel.merchant_id)
    assert poll.due_at <= datetime.now(UTC)  # they are asked for at once
    known(channel, datetime.now(UTC) + timedelta(days=1))
    waiting.due_at = waiting.created_at
    session().commit()

    assert (go_on(waiting).state, balances(more)) == (RunState.DONE, (8, 0, 0))


def test_a_level_that_is_just_being_sent_is_left_alone(channel, shop, carried):
    more = listed(channel, shop, 5, 8)
    make_level(reread(more), 4)

    run = carried(RunKind.PULL)

    assert (run.changes, balances(more)) == ([], (5, 0, 0))
    assert "pull again" in run.problems[0]["why"]


def test_what_the_shop_has_not_any_more_and_what_it_does_not_count_is_told(channel, shop, carried):
    gone, uncounted = listed(channel, shop, 5, 5), listed(channel, shop, 5, None)
    del shop.levels[gone.sku]

    run = carried(RunKind.PULL)

    assert {each["sku"]: each["why"] for each in run.problems} == {
        gone.sku: "The shop does not have this item any more.",
        uncounted.sku: "The shop does not count stock of this item.",
    }
    assert reread(gone).fault is ListingFault.GONE


def test_more_than_we_have_is_taken_from_all_places_and_the_rest_is_told(channel, shop, carried):
    mug = listed(channel, shop, 3, 0)
    make_cell(mug, 2, location="shed")
    session().query(Listing).filter_by(product_id=mug.id).update({"acknowledged": 9})
    session().commit()

    run = carried(RunKind.PULL)

    assert balances(mug) == (0, 0, 0)
    assert run.problems[0]["why"] == "The shop took away 4 more than we have: count this product."
    check_books(channel.merchant_id)


@pytest.mark.parametrize(("fault", "state"), [(ShopAway, RunState.PENDING), (ShopDenies, RunState.FAILED)])
def test_a_shop_that_is_away_is_waited_for_and_one_that_denies_us_ends_it(channel, shop, carried, fault, state):
    listed(channel, shop, 5, 8)

    def fail(_call):
        raise fault("The shop says no.")

    shop.before = fail
    run = carried(RunKind.PULL)

    assert (run.state, run.why, run.attempts) == (state, "The shop says no.", 1)


def test_while_its_orders_are_not_read_nothing_can_be_pulled(channel, shop):
    session().execute(update(ChannelRound).where(ChannelRound.merchant_id == channel.merchant_id).values(is_on=False))

    with pytest.raises(NotSynchronised):
        start.start(channel.merchant_id, channel.id, RunKind.PULL, start.RunAsked(apply=True), make_actor())


def test_a_level_that_nobody_can_have_stops_neither_the_run_nor_our_stock(channel, shop, carried):
    mad = listed(channel, shop, 5, 3_000_000_000)

    run = carried(RunKind.PULL)

    assert (run.state, balances(mad), len(run.problems)) == (RunState.DONE, (5, 0, 0), 1)
