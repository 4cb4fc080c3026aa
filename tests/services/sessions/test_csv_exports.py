"""Files as other systems export them: each comes through, with as few words as it needs; nothing in them is guessed."""

import pytest
from sqlalchemy import select

from merchant_api.core.db import session
from merchant_api.stock.models import Location
from merchant_api.stock.sessions import csv_import
from merchant_api.stock.sessions.csv_errors import BadLines
from merchant_api.stock.sessions.csv_header import CountFileWish
from tests.house.sources import ROOT
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import make_staged
from tests.make.stock import make_cell, make_product
from tests.make.workbooks import make_workbook

FILES = ROOT / "tests" / "files" / "counts"
NEW = {"quantity": "On hand (new)"}


@pytest.fixture
def shop(database):
    merchant = make_merchant()
    make_staged(merchant)
    for sku in ("MUG-01", "SHAWL-02"):
        make_cell(make_product(merchant, sku=sku), 0, "cellar")
    return merchant


def bring_in(merchant, file, ignores_unknown=False, **columns):
    raw = file if isinstance(file, bytes) else (FILES / file).read_bytes()
    draft = csv_import.read(raw, CountFileWish(columns, ignores_unknown))
    return csv_import.bring_in(merchant.id, draft, make_actor())


def counts(report):
    """SKU, location and units of what was counted."""
    return [(it.line.sku, it.line.location, it.line.quantity) for it in report.lines if it.count_id]


def complaints(merchant, file, ignores_unknown=False, **columns):
    with pytest.raises(BadLines) as refusal:
        bring_in(merchant, file, ignores_unknown, **columns)
    return [(each.line, each.column, each.complaint) for each in refusal.value.first]


MUG, MUG_BELOW = ("MUG-01", "default", 6), ("MUG-01", "cellar", 2)
SHAWL, SHAWL_ABOVE = ("SHAWL-02", "cellar", 3), ("SHAWL-02", "default", 3)
NEITHER = "the header names no column for quantity, and none of these is known or the name of a location: "


@pytest.mark.parametrize(
    ("file", "columns", "counted"),
    [
        ("shopify.csv", NEW, [MUG]),
        ("shopify.csv", {"quantity": "On hand (current)"}, [("MUG-01", "default", 5), MUG_BELOW]),
        ("shopify_by_location.csv", {}, [MUG, MUG_BELOW, SHAWL]),
        ("square.csv", {"quantity": "New Quantity"}, [MUG, MUG_BELOW]),
        ("square.csv", {"quantity": "Current Quantity cellar"}, [("MUG-01", "default", 1), SHAWL_ABOVE]),
        ("loyverse.csv", {}, [MUG, MUG_BELOW, SHAWL]),
        ("odoo.csv", {}, [MUG, MUG_BELOW, SHAWL]),
        ("erpnext.csv", {}, [MUG, MUG_BELOW, SHAWL]),
        ("amazon_fba.txt", {}, [MUG, SHAWL_ABOVE]),
        (
            "amazon_fba.txt",
            {"quantity": "afn-warehouse-quantity"},
            [("MUG-01", "default", 7), SHAWL_ABOVE],
        ),
        ("amazon_listings.txt", {}, [MUG, SHAWL_ABOVE]),
        ("till.csv", {}, [MUG, SHAWL_ABOVE]),
    ],
)
def test_an_export_comes_through(shop, file, columns, counted):
    assert counts(bring_in(shop, file, **columns)) == counted


@pytest.mark.parametrize(
    ("file", "names"),
    [("shopify.csv", "On hand (new), On hand (current)"), ("square.csv", "New Quantity, Current Quantity")],
)
def test_which_of_two_quantities_is_meant_has_to_be_said(shop, file, names):
    [(line, _, complaint)] = complaints(shop, file)

    assert (line, complaint.partition(";")[0]) == (1, f"several columns may be quantity: {names}")


def test_products_of_another_system_are_left_out_and_listed_where_one_asks(shop):
    report = bring_in(shop, "woocommerce.csv", ignores_unknown=True)

    assert counts(report) == [MUG]
    assert [(it.line, it.sku, it.why) for it in report.left_out] == [
        (3, "", "no SKU"),
        (5, "CUP-99", "there is no such SKU"),
    ]
    assert (report.rows, report.counted, report.left_out_columns) == (4, 1, [])


def test_products_of_another_system_are_refused_where_nobody_asks(shop):
    assert [(line, column) for line, column, _ in complaints(shop, "woocommerce.csv")] == [
        (3, "sku"),
        (5, "quantity"),
        (5, "sku"),
    ]


def test_untracked_products_and_unknown_columns_are_left_out_and_listed(shop):
    make_product(shop, sku="STICKER", is_tracked=False)
    file = b"sku,quantity,shelf\nSTICKER,5,A\nMUG-01,6,B\n"

    report = bring_in(shop, file, ignores_unknown=True)

    assert counts(report) == [MUG]
    assert [it.why for it in report.left_out] == ["its stock is not tracked"]
    assert report.left_out_columns == ["shelf"]


def test_what_is_known_and_wrong_is_refused_even_so(shop):
    file = b"sku,quantity,location\nMUG-01,-6,\nSHAWL-02,3,attic\nCUP-99,-1,attic\n"

    assert [(line, column) for line, column, _ in complaints(shop, file, ignores_unknown=True)] == [
        (2, "quantity"),
        (3, "location"),
    ]


def test_columns_that_are_neither_known_nor_locations_are_one_complaint(shop):
    file = b"sku,default,attic,shelf\nMUG-01,6,1,A\nSHAWL-02,3,x,B\n"

    assert complaints(shop, file) == [(1, None, f"{NEITHER}attic, shelf")]


def test_columns_of_locations_that_there_are_not_are_left_out_where_one_asks(shop):
    file = b"sku,default,attic,shelf\nMUG-01,6,1,A\n,,,B\n"

    report = bring_in(shop, file, ignores_unknown=True)

    assert (counts(report), report.left_out_columns) == ([MUG], ["attic", "shelf"])


def test_a_file_whose_columns_all_are_unknown_counts_nothing_and_says_so(shop):
    for file in (b"sku,shelf\nMUG-01,A\n", b"sku,In stock [attic]\nMUG-01,6\n"):
        assert len(complaints(shop, file, ignores_unknown=True)) == 1


def test_the_column_of_locations_is_left_out_by_hand(shop):
    file = b"sku,quantity,warehouse\nMUG-01,6,Main - H\n"

    assert complaints(shop, file) == [(2, "location", "there is none of that name")]
    assert counts(bring_in(shop, file, location="")) == [MUG]


def test_how_a_file_was_read_is_told(shop):
    report = bring_in(shop, "till.csv")

    assert report.read_as == "Windows-1252"
    assert report.columns == {"sku": ["Item no."], "quantity": ["Stock level"]}


def test_a_workbook_is_counted_like_any_file(shop):
    raw = make_workbook([["SKU", "Location", "Stock"], ["MUG-01", None, 6.0], ["SHAWL-02", "cellar", 3]])

    report = bring_in(shop, raw)

    assert (counts(report), report.read_as) == ([MUG, SHAWL], "xlsx")


@pytest.mark.parametrize("ignores_unknown", [False, True])
@pytest.mark.parametrize(
    ("sku", "complaint"),
    [
        ("12", "there is no such SKU, but 0012: a spreadsheet may have changed its zeros"),
        ("12.0", "there is no such SKU, but 0012: a spreadsheet may have changed its zeros"),
        ("4.00638E+12", "a spreadsheet has shortened this SKU"),
        ('"4,00638E+12"', "a spreadsheet has shortened this SKU"),
        ("1234567890123450000", "there is no such SKU; a spreadsheet keeps 15 digits of a figure"),
        ("2026-03-04", "there is no such SKU; a spreadsheet may have made a day of it"),
        ("4-Mar", "there is no such SKU; a spreadsheet may have made a day of it"),
    ],
)
def test_a_sku_that_a_spreadsheet_spoilt_is_said_to_be_that_and_never_guessed(shop, sku, complaint, ignores_unknown):
    make_product(shop, sku="0012")
    make_product(shop, sku="4006381333931")
    make_product(make_merchant(), sku="0013")

    [(line, column, said)] = complaints(shop, f"sku,quantity\n{sku},5\n".encode(), ignores_unknown)

    assert (line, column) == (2, "sku")
    assert said.startswith(complaint)


def test_a_sku_that_looks_spoilt_and_is_one_is_counted(shop):
    for sku in ("12", "0012", "1E5", "4-Mar"):
        make_product(shop, sku=sku)

    report = bring_in(shop, b"sku,quantity\n12,1\n0012,2\n1E5,3\n4-Mar,4\n")

    assert [units for _, _, units in counts(report)] == [1, 2, 3, 4]


def test_zeros_of_another_merchants_sku_are_not_told(shop):
    make_product(make_merchant(), sku="0013")

    assert complaints(shop, b"sku,quantity\n13,5\n") == [(2, "sku", "there is no such SKU")]


def test_a_file_makes_no_locations(shop):
    bring_in(shop, "loyverse.csv")

    found = session().execute(select(Location.name).where(Location.merchant_id == shop.id)).scalars()
    assert set(found) == {"default", "cellar"}
