"""The audit finds every kind of damage, names the documents, and says nothing where all adds up."""

from itertools import product as pairs

import pytest
from sqlalchemy import text

from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import db, session
from merchant_api.orders.due import settle_stock
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel
from merchant_api.stock import holds, settle
from merchant_api.stock.audit import audit, audit_all
from merchant_api.stock.lock import lock_products
from tests.make.holds import make_hold
from tests.make.orders import make_order
from tests.make.people import make_actor, make_merchant
from tests.make.stock import make_product

JOB = job("tests")


@pytest.fixture
def product(fresh):
    """A product with a history of every kind: sold, held, released, restored."""
    product = make_product(on_hand=20)
    sold = [make_hold(product, 2, settle_at=clock.now()) for _ in range(2)]
    settle_stock.run(product.merchant_id, [row.id for row in sold], JOB)
    released = make_hold(product, 3)
    make_hold(product, 4)
    book = lock_products(product.merchant_id, [product.id])
    holds.release(book, [sold[0], released], JOB)
    book.write()
    session().commit()
    return product


def damage(statement, **values):
    """Change rows as no part of the program can: past the triggers."""
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = 'replica'"))
        assert connection.execute(text(statement), values).rowcount > 0


def found(product):
    return [difference.what for difference in audit(product.merchant_id).differences]


def test_nothing_differs_where_all_was_done_properly(product):
    make_product(on_hand=1)

    reports = list(audit_all())

    assert [report.is_clean for report in reports] == [True, True]
    assert [(report.cells, report.entries, report.holds) for report in reports] == [(1, 1, 0), (1, 9, 4)]
    assert "all add up" in next(reports[0].lines())


def test_orders_in_every_state_leave_nothing_to_tell(fresh):
    merchant = make_merchant()
    for state, on_hand in pairs(State, (0, 1, 5)):
        if on_hand < 2 or state not in (State.REQUESTED, State.DECLINED, State.EXPIRED):
            make_order(state, [(make_product(merchant, on_hand=on_hand), 2)])
    sold = make_order(State.CONFIRMED, [(make_product(merchant, on_hand=5), 2)])
    due = settle.DUE.ids(merchant.id, clock.now(), 100)
    assert settle_stock.run(merchant.id, due, JOB) > 0
    cancel.cancel(merchant.id, sold.id, cancel.Cancel("changed my mind"), make_actor())
    session().commit()

    report = audit(merchant.id)

    assert report.differences == ()
    assert report.holds > 10


def test_a_cell_that_differs_from_its_ledger_is_told_with_its_documents(product):
    damage("UPDATE cells SET on_hand = 7")

    report = audit(product.merchant_id)

    assert [difference.what for difference in report.differences] == ["on_hand is 7, its ledger says 18"]
    lines = "\n".join(report.lines())
    assert product.sku in lines
    assert "set the cell to on_hand 18, held 4, used 2, seq 9" in lines
    assert lines.count("behind it: ledger row") == 5


def test_a_held_figure_without_holds_is_told(product):
    damage("UPDATE cells SET held = held + 1")

    assert found(product) == ["held is 5, its ledger says 4; held is 5, its open holds add up to 4"]


@pytest.mark.parametrize("state", ["released", "settled"])
def test_a_hold_that_ended_without_a_ledger_row_is_told_with_its_order(product, state):
    back = "quantity" if state == "released" else "0"
    damage(f"UPDATE holds SET state = '{state}', back = {back} WHERE state = 'open'")

    report = audit(product.merchant_id)

    assert [each.what.split(" ")[0] for each in report.differences] == ["held", "hold"]
    assert f"({state}, 4 units)" in report.differences[1].what
    assert "enter a correction of held -4" in report.differences[1].compensation


def test_a_hold_that_vanished_is_told(product):
    damage("DELETE FROM holds WHERE state = 'open'")

    assert "(unknown) stands for held 0, used 0; its ledger rows say held 4, used 0" in found(product)[1]


@pytest.mark.parametrize(("column", "value"), [("on_hand", 1), ("held_change", 9), ("used", 5)])
def test_a_ledger_row_that_was_changed_is_told(product, column, value):
    damage(f"UPDATE ledger SET {column} = {value} WHERE seq = 5")

    assert any("goes on with" in what and "seq 5" in what for what in found(product))


def test_a_ledger_row_that_is_missing_is_told(product):
    damage("DELETE FROM ledger WHERE seq = 5")

    assert any(what.startswith("ledger rows 5 to 5 are missing") for what in found(product))


def test_another_merchants_damage_is_not_this_ones(product):
    other = make_product(on_hand=1)
    damage("UPDATE cells SET on_hand = 7 WHERE product_id = :id", id=other.id)

    assert [audit(each.merchant_id).is_clean for each in (product, other)] == [True, False]
