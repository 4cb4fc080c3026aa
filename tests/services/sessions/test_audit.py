"""The audit covers sessions: snapshots, live figures since, and what is counted."""

import pytest
from sqlalchemy import text

from merchant_api.core import clock
from merchant_api.core.db import db, session
from merchant_api.stock.audit import audit
from tests.make.holds import make_hold
from tests.make.people import make_merchant
from tests.make.sessions import make_close, make_count, make_staged, settled
from tests.make.stock import make_product


@pytest.fixture
def product(fresh):
    """A product that was counted, promoted and sold from twice, and is being counted again."""
    merchant = make_merchant()
    make_staged(merchant)
    product = make_product(merchant, on_hand=20)
    for units in (15, 18):
        settled(make_hold(product, 2, settle_at=clock.now()))
        make_count(product, units)
        make_close(merchant)
    settled(make_hold(product, 2, settle_at=clock.now()))
    make_count(product, 9)
    session().rollback()
    return product


def damage(statement):
    """Change rows as no part of the program can: past the triggers."""
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = 'replica'"))
        assert connection.execute(text(statement)).rowcount > 0


def found(product):
    return [difference.what for difference in audit(product.merchant_id).differences]


def test_sessions_that_were_counted_and_promoted_leave_nothing_to_tell(product):
    assert found(product) == []


def test_a_live_figure_that_the_snapshot_and_the_ledger_do_not_explain_is_found(product):
    damage("UPDATE cells SET on_hand = on_hand + 1")

    assert any("by the snapshot of session" in what for what in found(product))


def test_a_snapshot_that_is_not_the_ledger_is_found(product):
    damage("UPDATE snapshots SET on_hand = on_hand + 3, held = 1 WHERE on_hand = 18")

    assert any("says on_hand 21 instead of 18; held 1 instead of 0 at ledger row" in what for what in found(product))


def test_a_count_that_its_log_does_not_explain_is_found(product):
    damage("UPDATE staged_cells SET quantity = 8 WHERE quantity = 9")

    assert any(what.startswith("8 is counted") and what.endswith("says 9") for what in found(product))
