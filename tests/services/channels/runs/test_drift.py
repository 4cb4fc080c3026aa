"""Drift: what a shop sells that neither we nor an order explains is shown with both figures, and decided."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from jobs.channels import look
from merchant_api.accounts.models import Merchant
from merchant_api.channels.faults import ShopAway
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.runs import drift
from merchant_api.channels.runs.drift import DriftDecision
from merchant_api.channels.runs.errors import NoDrift
from merchant_api.channels.states import RoundKind
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.errors import Invalid
from merchant_api.core.ids import new_id
from merchant_api.core.paging import Window
from merchant_api.outbox.models import Event
from tests.make.channels import make_listing, stack_of
from tests.make.levels import set_stock
from tests.make.people import make_actor, saved
from tests.make.snapshot import check_books
from tests.make.stock import balances, make_product


@pytest.fixture
def rounds(channel):
    columns = {"kind": RoundKind.LOOK, "is_on": True, "mark": {}, "hints": [], "due_at": clock.now()}
    return saved(ChannelRound(merchant_id=channel.merchant_id, id=new_id(), channel_id=channel.id, **columns))


@pytest.fixture
def mug(channel, shop, rounds):
    product = make_product(session().get(Merchant, channel.merchant_id), on_hand=10)
    make_listing(channel, product, acknowledged=10)
    shop.levels[product.sku] = 12
    return product


def seen(channel):
    """A whole look, with the second read of what differed."""
    for _ in range(3):
        due = update(ChannelRound).where(ChannelRound.merchant_id == channel.merchant_id)
        session().execute(due.where(ChannelRound.kind == RoundKind.LOOK).values(due_at=clock.now()))
        session().commit()
        look.run()
    session().rollback()
    session().expire_all()
    return session().execute(select(Listing).where(Listing.merchant_id == channel.merchant_id)).scalar_one()


def settings(channel, **values):
    session().execute(update(Channel).where(Channel.merchant_id == channel.merchant_id).values(settings=values))
    session().commit()


def told(channel):
    rows = select(Event.payload).where(Event.merchant_id == channel.merchant_id, Event.type == "channel.drift")
    return session().execute(rows).scalars().all()


def test_a_level_that_nothing_explains_is_kept_with_both_figures_and_told_once(channel, mug):
    listing = seen(channel)
    since = listing.drift_since

    again = seen(channel)

    assert (again.drift_ours, again.drift_theirs, again.drift_since) == (10, 12, since)
    (event,) = told(channel)
    assert (event["sku"], event["ours"], event["theirs"]) == (mug.sku, 10, 12)
    assert (balances(mug), stack_of(channel.merchant_id)) == ((10, 0, 0), [])


def test_what_an_imported_order_took_is_no_drift(channel, mug, shop):
    shop.levels[mug.sku] = 7
    session().execute(update(Listing).where(Listing.merchant_id == channel.merchant_id).values(sold=3))

    assert seen(channel).drift_since is None


def test_what_is_read_before_its_orders_are_known_is_no_drift_yet(channel, mug):
    rows = update(ChannelRound).where(ChannelRound.merchant_id == channel.merchant_id)
    session().execute(rows.values(read_until=datetime.now(UTC) - timedelta(minutes=5)))

    assert seen(channel).drift_since is None


def test_what_fits_again_is_adrift_no_more(channel, mug, shop):
    seen(channel)
    shop.levels[mug.sku] = 10

    assert seen(channel).drift_since is None


def test_what_fell_while_it_was_adrift_is_sent_once_it_fits(channel, mug, shop):
    seen(channel)
    set_stock(mug, 3)
    shop.levels[mug.sku] = 10

    assert seen(channel).drift_since is None
    assert [row.level for row in stack_of(channel.merchant_id)] == [3]


def test_a_shop_that_is_away_is_looked_at_later(channel, mug, shop):
    def fail(_call):
        raise ShopAway("The shop can't be reached.")

    shop.before = fail

    assert (seen(channel).drift_since, len(shop.calls)) == (None, 3)


@pytest.mark.parametrize(
    ("wish", "stock", "level"),
    [
        (DriftDecision("theirs"), 12, 12),
        (DriftDecision("ours"), 10, 10),
        (DriftDecision("count", 9), 9, 9),
        (DriftDecision("count", 12), 12, 12),
    ],
)
def test_the_merchant_decides_and_the_shop_is_told_whatever_it_is_thought_to_sell(channel, mug, wish, stock, level):
    seen(channel)

    drift.decide(channel.merchant_id, channel.id, mug.id, wish, make_actor())
    session().commit()

    assert balances(mug) == (stock, 0, 0)
    assert [row.level for row in stack_of(channel.merchant_id)] == [level]
    assert drift.page(channel.merchant_id, channel.id, Window()).items == []
    check_books(channel.merchant_id)


@pytest.mark.parametrize(("take", "stock", "levels"), [("ours", 10, [10]), ("theirs", 12, [])])
def test_a_setting_decides_by_itself(channel, mug, take, stock, levels):
    settings(channel, drift=take)

    listing = seen(channel)

    assert (listing.drift_since, listing.expected, balances(mug)) == (None, 12, (stock, 0, 0))
    assert [row.level for row in stack_of(channel.merchant_id)] == levels
    assert told(channel) == []
    check_books(channel.merchant_id)


def test_what_is_not_adrift_is_not_decided_and_a_count_has_its_quantity(channel, mug):
    with pytest.raises(NoDrift):
        drift.decide(channel.merchant_id, channel.id, mug.id, DriftDecision("ours"), make_actor())
    with pytest.raises(Invalid):
        drift.decide(channel.merchant_id, channel.id, mug.id, DriftDecision("count"), make_actor())
    with pytest.raises(Invalid):
        drift.decide(channel.merchant_id, channel.id, mug.id, DriftDecision("ours", 3), make_actor())
