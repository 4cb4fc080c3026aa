"""The availability log: the ledger and the counts in one order, complete, narrowed by indexes."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.dialects import postgresql

from merchant_api.core import ids
from merchant_api.core.db import db, session
from merchant_api.core.paging import Window, window
from merchant_api.stock import adjust, find, reach
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.narrow import SLACK, RowsWanted, narrow
from merchant_api.stock.sessions import change, log
from merchant_api.stock.sessions.log import LogKind
from merchant_api.stock.sessions.models import Count
from merchant_api.stock.sessions.states import CountKind
from merchant_api.stock.states import Reason
from tests.make.holds import make_hold
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import left, make_close, make_count, make_staged, settled
from tests.make.statements import asked
from tests.make.stock import make_cell, make_product

ALL = Window(200)


@pytest.fixture
def shop(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


def adjusted(product, actor=None, **wanted):
    row = change.adjust(product.merchant_id, Adjustment(product.id, Reason.CORRECTION, **wanted), actor or make_actor())
    session().commit()
    return row


def withdrawn(row):
    said = change.withdraw(row.merchant_id, row.id, make_actor())
    session().commit()
    return said


def found(shop, **wanted):
    return list(log.page(shop.id, RowsWanted(**wanted), ALL).items)


def everything(shop):
    """The ids of every row of both tables, newest first."""
    tables = (LedgerRow, Count)
    rows = [row for table in tables for row in session().execute(select(table.id).where(table.merchant_id == shop.id))]
    return sorted((row[0] for row in rows), reverse=True)


def a_busy_day(shop):
    """Ten rows, counts and changes in turn."""
    product = make_product(shop, on_hand=5)
    first = make_count(product, 4)
    make_hold(product, 1)
    adjusted(product, increase=2)
    make_product(shop, on_hand=3)
    withdrawn(first)
    make_close(shop)
    make_count(product, 6)
    make_count(product, 7)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
def test_pages_go_over_counts_and_changes_without_gap_or_repeat(shop, limit):
    a_busy_day(shop)
    rows, cursor = [], None

    while True:
        page = log.page(shop.id, RowsWanted(), window(limit, cursor))
        rows += page.items
        cursor = page.next
        if cursor is None:
            break

    assert [row.row.id for row in rows] == everything(shop)
    assert {row.kind for row in rows} == set(LogKind)


def test_a_change_tells_from_what_to_what_on_hand_went(shop):
    product = make_product(shop, on_hand=5)
    make_hold(product, 2)

    held, opened = found(shop)

    assert (opened.kind, opened.before, opened.after, opened.sku) == (LogKind.LEDGER, 0, 5, product.sku)
    assert (held.before, held.after, held.row.held_change) == (5, 5, 2)
    assert (held.session_id, held.difference) == (None, None)


def test_counts_tell_from_what_to_what_was_counted(shop):
    product = make_product(shop, on_hand=9)
    first = make_count(product, 5)
    make_count(product, 5, location="default")
    adjusted(product, increase=3)
    withdrawn(first)

    told = [(row.row.kind, row.before, row.after) for row in found(shop) if row.kind is LogKind.COUNT]

    assert told == [
        (CountKind.WITHDRAWAL, 8, 8),
        (CountKind.INCREASE, 5, 8),
        (CountKind.COUNT, 5, 5),
        (CountKind.COUNT, None, 5),
    ]


def test_what_was_counted_before_is_told_of_the_same_cell_and_session_only(shop):
    product = make_product(shop, on_hand=9)
    make_cell(product, 0, location="attic")
    make_count(product, 5)
    make_count(product, 1, location="attic")
    make_close(shop)
    make_count(product, 6)

    told = [(row.location, row.before, row.after) for row in found(shop) if row.kind is LogKind.COUNT]

    assert told == [("default", None, 6), ("attic", None, 1), ("default", None, 5)]


def test_a_count_of_which_nothing_is_left_says_so(shop):
    product = make_product(shop, on_hand=9)
    withdrawn(make_count(product, 5))

    said = found(shop)[0]

    assert (said.before, said.after, said.difference) == (5, None, None)


def test_a_count_tells_what_was_found_beyond_the_books(shop):
    product = make_product(shop, on_hand=10)
    settled(make_hold(product, 2, settle_at=ids.clock.now()))
    left(settled(make_hold(product, 1, settle_at=ids.clock.now())))
    make_count(product, 8)

    told = found(shop)[0]

    assert (told.after, told.row.unpicked, told.row.read_on_hand, told.difference) == (8, 2, 7, -1)


def test_counts_and_promotions_name_their_session(shop):
    product = make_product(shop, on_hand=9)
    make_count(product, 5)
    done = make_close(shop)
    make_count(product, 6)

    told = {(row.kind, row.after): row.session_id for row in found(shop)}

    assert told[LogKind.COUNT, 5] == told[LogKind.LEDGER, 5] == done.live.id
    assert told[LogKind.COUNT, 6] == done.staged.id
    assert told[LogKind.LEDGER, 9] is None


def test_a_page_is_narrowed_by_product_place_and_person(shop):
    product, other = make_product(shop, on_hand=5), make_product(shop, on_hand=5)
    make_cell(product, 2, location="attic", grade="B")
    deepa = make_actor()
    counts = [make_count(product, 1, deepa), make_count(product, 2, location="attic", grade="B")]
    adjusted(other, deepa, increase=1)

    def after(**wanted):
        return [row.after for row in found(shop, **wanted)]

    assert after(product_id=product.id) == [2, 1, 2, 5]
    assert after(product_id=product.id, location="attic") == after(grade="B") == [2, 2]
    assert after(location="attic", grade="default") == after(location="nowhere") == []
    assert after(actor=deepa.id) == [6, 1]
    assert after(actor=deepa.id, product_id=product.id) == [counts[0].quantity]
    assert after(actor="nobody") == []


def test_a_page_is_narrowed_by_time_from_its_first_instant_to_before_its_last(shop):
    product = make_product(shop, on_hand=5)
    rows = [make_count(product, units) for units in (1, 2, 3)]
    instants = [row.counted_at for row in rows]

    def after(**wanted):
        return [row.after for row in found(shop, **wanted)]

    assert after(since=instants[1]) == [3, 2]
    assert after(until=instants[1]) == [1, 5]
    assert after(since=instants[0], until=instants[2]) == [2, 1]
    assert after(since=instants[2] + timedelta(seconds=1)) == []
    assert after(until=instants[0] - timedelta(days=1) - SLACK) == []


def test_the_log_of_another_merchant_is_not_shown(shop):
    make_product(on_hand=5)

    assert found(shop) == []


def test_a_page_costs_the_same_whatever_is_on_it(shop):
    a_busy_day(shop)
    statements = []
    event.listen(db.engines[None], "before_cursor_execute", lambda *told: statements.append(told[2]))

    rows = found(shop)

    assert len(rows) > 8
    assert len(asked(statements)) == 4


def plan(shop, **wanted):
    statement = log._newest(narrow(shop.id, RowsWanted(**wanted)), ALL, None)
    compiled = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    return "\n".join(session().execute(text("EXPLAIN " + str(compiled).replace(":", "\\:"))).scalars())


def test_a_page_of_all_or_of_a_product_reads_no_more_of_a_long_log_than_it_shows(shop):
    product = make_product(shop, on_hand=5)
    many = text(
        """INSERT INTO ledger SELECT merchant_id, gen_random_uuid(), gen_random_uuid(), location_id, grade_id, n, 1, 0,
            0, 5, 0, 0, 'received', NULL, jsonb_build_object('id', n), NULL, NULL, happened_at
        FROM ledger, generate_series(2, 5000) AS n WHERE merchant_id = :merchant_id"""
    )
    session().execute(many, {"merchant_id": shop.id})
    session().execute(text("ANALYZE ledger"))

    whole = plan(shop)

    assert "Merge Append" in whole
    assert "Backward using pk_ledger" in whole
    assert "ix_ledger_merchant_id_product_id_id" in plan(shop, product_id=product.id)


def in_the_attic(shop, actor):
    """A cell, one unit more than counted there, and one more to sell from: by this actor."""
    product = make_product(shop)
    make_cell(product, 2, location="attic", grade="B")
    adjusted(product, actor, increase=1, location="attic", grade="B")
    adjust.adjust(shop.id, Adjustment(product.id, Reason.RECEIVED, increase=1, location="attic", grade="B"), actor)
    session().commit()


@pytest.mark.parametrize("page", [log.page, find.ledger])
@pytest.mark.parametrize("wanted", ["actor", "location", "grade"])
def test_rows_that_are_rare_are_all_found_by_pages_that_read_a_bounded_stretch(shop, monkeypatch, page, wanted):
    monkeypatch.setattr(reach, "MOST", 4)
    deepa = make_actor()
    in_the_attic(shop, deepa)
    for _ in range(3):
        make_count(make_product(shop, on_hand=5), 4)
    in_the_attic(shop, deepa)
    rows = RowsWanted(**{wanted: {"actor": deepa.id, "location": "attic", "grade": "B"}[wanted]})

    shown, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        found = page(shop.id, rows, window(50, cursor))
        shown, cursor, pages = shown + list(found.items), found.next, pages + 1

    monkeypatch.setattr(reach, "MOST", 1_000)
    assert pages > 1
    assert [each.row.id for each in shown] == [each.row.id for each in page(shop.id, rows, ALL).items]
    assert len(shown) >= 2
