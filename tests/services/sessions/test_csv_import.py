"""Counting from a file: all of its lines or none, in a few statements however many they are."""

import pytest
from sqlalchemy import event, func, select, text

from merchant_api.core import clock
from merchant_api.core.db import db, session
from merchant_api.stock.sessions import csv_import
from merchant_api.stock.sessions.csv_errors import BadLines
from merchant_api.stock.sessions.errors import NoStagedSession
from merchant_api.stock.sessions.models import Count, StagedCell
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import figures, make_close, make_count, make_staged
from tests.make.stock import make_cell, make_product

BELOW_ZERO = "below 0: what was sold before it was there can't be counted; write what lies there, or 0"
MANY_PRODUCTS = text(
    """
    INSERT INTO products (merchant_id, id, sku, name, description, kind, status, fulfilment, when_short, is_tracked,
        price, max_quantity, created_at, changed_at)
    SELECT :merchant_id, gen_random_uuid(), 'MUG-' || n, 'Mug', '', 'merchandise', 'published', 'courier', 'ask', true,
        150000, 0, :now, :now FROM generate_series(1, CAST(:number AS integer)) AS n
    """
)


@pytest.fixture
def shop(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


def counted(merchant, lines, header="sku,quantity,location,grade,comment"):
    raw = "\n".join([header, *lines]).encode()
    report = csv_import.bring_in(merchant.id, csv_import.read(raw), make_actor())
    session().commit()
    return report


def complaints(merchant, lines, header="sku,quantity,location,grade,comment"):
    with pytest.raises(BadLines) as refusal:
        counted(merchant, lines, header)
    session().rollback()
    return refusal.value


def rows(merchant, table=Count):
    return session().execute(select(func.count()).where(table.merchant_id == merchant.id)).scalar_one()


def test_each_line_is_a_count_in_the_log(shop):
    first, second = make_product(shop, on_hand=3), make_product(shop)
    make_cell(second, 0, "cellar")

    report = counted(shop, [f"{first.sku},5,,,top shelf", f"{second.sku},7,cellar,default,=cmd()"])

    log = session().execute(select(Count).where(Count.merchant_id == shop.id).order_by(Count.product_id)).scalars()
    assert [(row.quantity, row.comment, row.read_on_hand) for row in log] == [(5, "top shelf", 3), (7, "=cmd()", 0)]
    assert [(each.line.line, each.count_id is not None) for each in report.lines] == [(2, True), (3, True)]
    make_close(shop)
    assert figures(first) == [(5, 0)]


def test_lines_without_a_quantity_are_skipped_and_told(shop):
    product = make_product(shop)
    make_cell(product, 0, "cellar")

    report = counted(shop, [f"{product.sku},,,,", f"{product.sku},2,cellar,,", "no such thing,,,,"])

    assert (report.rows, report.counted) == (3, 1)
    assert [each.count_id is None for each in report.lines] == [True, False, True]


def test_a_file_counts_anew_what_was_counted_before(shop):
    product = make_product(shop)
    make_count(product, 3)

    report = counted(shop, [f"{product.sku},5,,,"])

    found = select(StagedCell.quantity, StagedCell.count_id).where(StagedCell.merchant_id == shop.id)
    assert session().execute(found).one() == (5, report.lines[0].count_id)
    assert rows(shop) == 2


def test_one_bad_line_and_nothing_is_counted(shop):
    good, untracked = make_product(shop), make_product(shop, is_tracked=False)
    lines = [
        f"{good.sku},5,,,",
        "nothing,5,,,",
        f"{untracked.sku},5,,,",
        f"{good.sku},5,nowhere,second hand,",
        f"{good.sku},-1,nowhere,,",
        f"{good.sku},5,default,default,again",
    ]

    bad = complaints(shop, lines)

    assert [(each.line, each.column, each.complaint) for each in bad.first] == [
        (3, "sku", "there is no such SKU"),
        (4, "sku", "its stock is not tracked"),
        (5, "location", "there is none of that name"),
        (5, "grade", "there is none of that name"),
        (6, "quantity", BELOW_ZERO),
        (6, "location", "there is none of that name"),
        (7, "sku", "the same cell as in line 2"),
    ]
    assert str(bad) == "5 lines can't be counted; nothing was counted."
    assert rows(shop) == rows(shop, StagedCell) == 0


def test_products_and_places_of_others_are_unknown(shop):
    foreign = make_product()
    make_cell(foreign, 0, "cellar")
    mine = make_product(shop)

    bad = complaints(shop, [f"{foreign.sku},5,,,", f"{mine.sku},5,cellar,,"])

    assert [(each.line, each.column) for each in bad.first] == [(2, "sku"), (3, "location")]


def test_the_first_two_hundred_complaints_are_shown_and_all_are_numbered(shop):
    bad = complaints(shop, [f"no-{number},5,,," for number in range(300)])

    assert (bad.total, len(bad.members["lines"]), bad.first[-1].line) == (300, 200, 201)


def test_without_a_staged_session_there_is_nothing_to_count_into(database):
    with pytest.raises(NoStagedSession):
        counted(make_merchant(), ["nothing,x,,,"])


def test_a_file_without_lines_counts_nothing(shop):
    report = counted(shop, [])

    assert (report.rows, report.counted) == (0, 0)


def test_ten_thousand_lines_cost_a_few_statements(shop):
    number = 10_000
    session().execute(MANY_PRODUCTS, {"merchant_id": shop.id, "number": number, "now": clock.now()})
    session().commit()
    asked = []
    event.listen(db.engine, "before_cursor_execute", watch := lambda *given: asked.append(given[2]))

    report = counted(shop, [f"MUG-{each},{each % 50},,,shelf {each}" for each in range(1, number + 1)])

    event.remove(db.engine, "before_cursor_execute", watch)
    assert report.counted == rows(shop, StagedCell) == number
    assert len(asked) <= 10 + 3 * number / csv_import.BATCH
