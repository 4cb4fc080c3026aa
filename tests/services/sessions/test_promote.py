"""Closing the live session: what becomes of every cell."""

import pytest
from sqlalchemy import select

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.outbox.models import Event
from merchant_api.stock import adjust
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.ledger import TooManyUnits
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.sessions.errors import NoStagedSession, NothingCounted
from merchant_api.stock.sessions.models import Session, Snapshot
from merchant_api.stock.sessions.states import Moved, Scope, SessionState
from merchant_api.stock.states import Reason
from tests.make.holds import make_hold
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import figures, left, make_close, make_count, make_staged, settled
from tests.make.snapshot import check_books
from tests.make.stock import make_product


@pytest.fixture
def shop(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


def more(product, units, reason=Reason.RECEIVED):
    adjust.adjust(product.merchant_id, Adjustment(product.id, reason, increase=units), make_actor())
    session().commit()


def test_what_was_counted_is_sold_from_once_promoted(shop):
    product, bystander = make_product(shop, on_hand=3), make_product(shop, on_hand=8)
    make_count(product, 5)

    assert figures(product) == [(3, 0)]
    make_close(shop)

    assert figures(product) == [(5, 0)]
    assert figures(bystander) == [(8, 0)]


def test_the_sessions_change_places_and_a_new_empty_one_is_staged(shop):
    make_count(make_product(shop), 5)
    actor = make_actor()

    done = make_close(shop, actor, comment="the monthly count")

    rows = session().execute(select(Session).where(Session.merchant_id == shop.id).order_by(Session.id)).scalars().all()
    assert [row.state for row in rows] == [SessionState.CLOSED, SessionState.LIVE, SessionState.STAGED]
    assert rows[0].closed_by == actor.stamp()
    assert (rows[1].version, rows[1].scope, rows[1].comment) == (1, Scope.PARTIAL, "the monthly count")
    assert rows[0].closed_at == rows[1].promoted_at
    assert (done.counted, done.changed, done.zeroed) == (1, 1, 0)
    with pytest.raises(NothingCounted):
        make_close(shop)


def test_what_came_and_went_since_the_count_is_added(shop):
    product = make_product(shop, on_hand=10)
    make_count(product, 4)
    more(product, 5)
    settled(make_hold(product, 2, settle_at=clock.now()))

    make_close(shop)

    assert figures(product) == [(4 + 5 - 2, 0)]


@pytest.mark.parametrize("of_all", [True, False])
def test_what_moved_can_be_left_out_for_a_line_or_for_all(shop, of_all):
    product = make_product(shop, on_hand=10)
    make_count(product, 4, moved=None if of_all else Moved.IGNORE)
    more(product, 5)

    make_close(shop, moved=Moved.IGNORE if of_all else None)

    assert figures(product) == [(4, 0)]


def test_sold_units_on_the_shelf_are_not_counted_as_stock(shop):
    product = make_product(shop, on_hand=10)
    hold = settled(make_hold(product, 3, settle_at=clock.now()))
    make_count(product, 10)
    left(hold)

    make_close(shop)

    assert figures(product) == [(7, 0)]


def test_units_that_were_picked_up_before_the_count_are_gone_from_the_shelf(shop):
    product = make_product(shop, on_hand=10)
    left(settled(make_hold(product, 3, settle_at=clock.now())))
    make_count(product, 7)

    make_close(shop)

    assert figures(product) == [(7, 0)]


def test_units_picked_up_before_they_are_settled_are_taken_out_once(shop):
    product = make_product(shop, on_hand=10)
    hold = left(make_hold(product, 3, settle_at=clock.now()))
    make_count(product, 7)
    make_close(shop)
    assert figures(product) == [(10, 3)]

    settled(hold)

    assert figures(product) == [(7, 0)]


def test_holds_survive_and_a_count_below_them_shows_as_conflict(shop):
    product = make_product(shop, on_hand=10)
    make_hold(product, 6)
    make_count(product, 4)

    make_close(shop)

    assert figures(product) == [(4, 6)]
    check_books(shop.id)


def test_on_hand_never_falls_below_zero(shop):
    product = make_product(shop, on_hand=10)
    settled(make_hold(product, 4, settle_at=clock.now()))
    make_count(product, 1)

    make_close(shop)

    assert figures(product) == [(0, 0)]


def test_a_count_that_agrees_with_the_books_changes_nothing_whatever_moved(shop):
    product = make_product(shop, on_hand=10)
    settled(make_hold(product, 4, settle_at=clock.now()))
    make_count(product, 10)
    more(product, 5)

    done = make_close(shop)

    assert (done.counted, done.changed) == (1, 0)
    assert figures(product) == [(11, 0)]


def test_units_that_come_in_wake_those_who_wait(shop):
    product = make_product(shop, on_hand=0)
    hold = make_hold(product, 2, settle_at=clock.now())
    settled(hold)
    session().refresh(hold)
    assert hold.settle_at > clock.now()
    make_count(product, 5)

    make_close(shop)

    session().refresh(hold)
    assert hold.settle_at <= clock.now()


def test_without_a_staged_session_nothing_can_be_promoted(database):
    with pytest.raises(NoStagedSession):
        make_close(make_merchant())


def test_a_promotion_is_told_by_an_event_and_by_the_ledger(shop):
    product = make_product(shop, on_hand=3)
    make_count(product, 5)
    actor = make_actor()

    done = make_close(shop, actor, comment="the monthly count")

    promoted = select(Event).where(Event.merchant_id == shop.id, Event.type.startswith("session."))
    event = session().execute(promoted).scalar_one()
    row = session().execute(_ledger(shop)).scalars().all()[-1]
    assert (event.type, event.payload["session_id"]) == ("session.promoted", str(done.live.id))
    assert (row.reason, row.on_hand_change, row.on_hand) == (Reason.PROMOTION, 2, 5)
    assert (row.comment, row.actor, row.happened_at) == ("the monthly count", actor.stamp(), done.live.promoted_at)


def test_the_snapshot_is_what_was_closed(shop):
    product, other = make_product(shop, on_hand=3), make_product(shop, on_hand=8)
    make_hold(product, 1)
    make_count(product, 5)

    done = make_close(shop)

    rows = session().execute(select(Snapshot).where(Snapshot.merchant_id == shop.id)).scalars().all()
    assert {row.session_id for row in rows} == {done.closed.id}
    assert {row.product_id: (row.on_hand, row.held, row.seq) for row in rows} == {
        product.id: (3, 1, 2),
        other.id: (8, 0, 1),
    }


def test_more_than_a_cell_may_hold_is_refused_whole(shop):
    product = make_product(shop, on_hand=10)
    make_count(product, 1_000_000)
    more(product, 5)

    with pytest.raises(TooManyUnits) as refused:
        make_close(shop)

    assert refused.value.members == {"product_id": str(product.id)}
    assert figures(product) == [(15, 0)]


def _ledger(shop):
    return select(LedgerRow).where(LedgerRow.merchant_id == shop.id).order_by(LedgerRow.id)
