"""The counting sheet: which cells there are to be counted, what is counted of them, and what the books expect."""

import csv
import io

import pytest

from merchant_api.catalog import categories
from merchant_api.catalog.models import Status
from merchant_api.core import clock
from merchant_api.core.csv_out import response
from merchant_api.core.db import session
from merchant_api.core.paging import BadCursor, Window, window
from merchant_api.stock.sessions import csv_export, csv_import, sheet
from merchant_api.stock.sessions.errors import NoStagedSession
from merchant_api.stock.sessions.find import CELL
from merchant_api.stock.sessions.sheet import SheetWanted
from tests.make.holds import make_hold
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import left, make_close, make_count, make_staged, settled
from tests.make.stock import make_cell, make_product


@pytest.fixture
def shop(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


def seen(merchant, **wanted):
    """The cells of the sheet, as SKU and location."""
    page = sheet.page(merchant.id, SheetWanted(**wanted), Window())
    return [(cell.row.sku, cell.location) for cell in page.items]


def lines(download):
    """The lines of a file by column."""
    with response(download) as sent:
        return list(csv.DictReader(io.StringIO(sent.get_data(as_text=True), newline="")))


def test_cells_of_tracked_products_that_are_not_archived_are_counted(shop):
    make_product(shop, is_tracked=False)
    make_product(shop, status=Status.ARCHIVED)
    make_product()
    draft, sold = make_product(shop, status=Status.DRAFT), make_product(shop)
    make_cell(sold, 0, "cellar")

    assert sorted(seen(shop)) == sorted([(draft.sku, "default"), (sold.sku, "default"), (sold.sku, "cellar")])


def test_the_sheet_is_narrowed_by_category_place_and_what_is_counted(shop):
    tea = categories.add(shop.id, "tea").id
    session().commit()
    first, second = make_product(shop, category_id=tea), make_product(shop)
    make_cell(first, 0, "cellar")
    make_cell(second, 0, "default", "second hand")
    make_count(first, 5)

    assert sorted(seen(shop, category="tea")) == sorted([(first.sku, "default"), (first.sku, "cellar")])
    assert seen(shop, category="none of that name") == []
    assert seen(shop, location="cellar") == [(first.sku, "cellar")]
    assert seen(shop, grade="second hand") == [(second.sku, "default")]
    assert seen(shop, is_counted=True) == [(first.sku, "default")]
    assert len(seen(shop, is_counted=False)) == 3
    assert seen(shop, category="tea", is_counted=False) == [(first.sku, "cellar")]


def test_a_cell_says_what_is_counted_by_whom_and_when(shop):
    row = make_count(make_product(shop), 5)

    cell = sheet.page(shop.id, SheetWanted(), Window()).items[0]

    assert cell.counted == {"quantity": 5, "by": row.actor, "at": row.counted_at}
    make_close(shop)
    assert sheet.page(shop.id, SheetWanted(), Window()).items[0].counted is None


def test_what_the_books_expect_is_shown_only_where_it_is_asked_for(shop):
    product = make_product(shop, on_hand=20)
    settled(make_hold(product, 5, settle_at=clock.now()))
    left(settled(make_hold(product, 3, settle_at=clock.now())))
    left(make_hold(product, 1, settle_at=clock.now()))

    blind = sheet.page(shop.id, SheetWanted(), Window()).items[0].row
    open_eyed = sheet.page(shop.id, SheetWanted(shows_expected=True), Window()).items[0].row

    assert (blind.on_hand, blind.on_shelf) == (None, None)
    assert (open_eyed.on_hand, open_eyed.on_shelf) == (12, 16)


def test_who_finds_what_the_sheet_expects_finds_the_books_right(shop):
    product = make_product(shop, on_hand=20)
    settled(make_hold(product, 5, settle_at=clock.now()))
    expected = sheet.page(shop.id, SheetWanted(shows_expected=True), Window()).items[0].row.on_shelf

    make_count(product, expected)

    assert make_close(shop).changed == 0


def test_the_sheet_comes_in_pages(shop):
    wanted = {make_product(shop).sku for _ in range(3)}

    first = sheet.page(shop.id, SheetWanted(), Window(2))
    rest = sheet.page(shop.id, SheetWanted(), window(2, first.next, CELL))

    assert {cell.row.sku for cell in [*first.items, *rest.items]} == wanted
    assert (len(first.items), rest.next) == (2, None)
    with pytest.raises(BadCursor):
        sheet.page(shop.id, SheetWanted(), window(2, "forged", CELL))


def test_without_a_staged_session_there_is_no_sheet(database):
    with pytest.raises(NoStagedSession):
        sheet.page(make_merchant().id, SheetWanted(), Window())


def test_the_file_is_in_the_order_in_which_one_walks_and_its_quantities_are_empty(shop):
    first, second = make_product(shop, sku="B", name="=Bowl"), make_product(shop, sku="A", name="Apron")
    make_cell(first, 0, "cellar")
    make_count(second, 4)

    found = lines(csv_export.counting_sheet(shop.id, SheetWanted()))

    assert [(row["sku"], row["location"], row["quantity"]) for row in found] == [
        ("A", "default", ""),
        ("B", "default", ""),
        ("B", "cellar", ""),
    ]
    assert [row["counted"] for row in found] == ["4", "", ""]
    assert found[0]["counted_by"] == "owner"
    assert found[1]["name"] == "'=Bowl"
    assert "on_hand" not in found[0]


def test_the_file_shows_what_is_expected_where_it_is_asked_for(shop):
    settled(make_hold(make_product(shop, on_hand=9), 2, settle_at=clock.now()))

    found = lines(csv_export.counting_sheet(shop.id, SheetWanted(shows_expected=True)))

    assert (found[0]["on_hand"], found[0]["on_shelf"]) == ("7", "9")


def test_a_sheet_that_is_filled_in_is_imported_whatever_the_names(shop):
    odd = [make_product(shop, sku=sku) for sku in ("-5", "'=1", "@home", 'say "hi", all')]
    make_cell(odd[0], 0, "+loft", "=grade")
    found = lines(csv_export.counting_sheet(shop.id, SheetWanted()))
    written = io.StringIO()
    writer = csv.DictWriter(written, list(found[0]), delimiter=";")
    writer.writeheader()
    writer.writerows({**row, "quantity": "3"} for row in found)

    report = csv_import.bring_in(shop.id, csv_import.read(written.getvalue().encode("utf-16")), make_actor())

    assert (report.rows, report.counted) == (5, 5)
    assert seen(shop, is_counted=False) == []


def test_a_snapshot_is_a_file_of_what_a_session_left(shop):
    product = make_product(shop, on_hand=7, sku="MUG", name="Mug, large")
    make_cell(product, 2, "cellar", "B")
    make_hold(product, 9)
    make_count(product, 8)
    closed = make_close(shop).closed

    found = lines(csv_export.snapshot(shop.id, str(closed.id)))

    assert [tuple(row.values()) for row in found] == [
        ("MUG", "Mug, large", "default", "default", "7", "9", "-2", "0"),
        ("MUG", "Mug, large", "cellar", "B", "2", "0", "2", "0"),
    ]
