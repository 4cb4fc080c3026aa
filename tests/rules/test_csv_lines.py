"""What a line of a file of counts says: defaults, quantities, what is skipped, and the same cell twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchant_api.core.table_in import Complaint
from merchant_api.stock.sessions.csv_header import CountFileHeader, CountFileWish
from merchant_api.stock.sessions.csv_lines import CsvLine, parsed
from tests.make.workbooks import make_workbook


def read(text: str | bytes, most_lines: int = 100, **wish: object):
    """The lines and complaints of a file."""
    raw = text if isinstance(text, bytes) else text.encode()
    found = parsed(raw, most_lines, CountFileWish(**wish))
    return [item for item in found if not isinstance(item, CountFileHeader)]


def complaints(found: list[object]) -> list[tuple[int, str | None, str]]:
    """Line, column and words of what is wrong."""
    return [(each.line, each.column, each.complaint) for each in found if isinstance(each, Complaint)]


def test_place_and_comment_may_be_left_out():
    assert read("sku,quantity\nMUG,5\n") == [CsvLine(2, "MUG", "default", "default", 5, None)]
    assert read("sku,quantity,location,grade,comment\nMUG,5,,,\n") == [CsvLine(2, "MUG", "default", "default", 5, None)]


def test_what_is_named_is_kept_and_formulas_are_text():
    text = "sku,quantity,location,grade,comment\n'=MUG,0,cellar,B,=cmd()\n"

    assert read(text) == [CsvLine(2, "=MUG", "cellar", "B", 0, "=cmd()")]


def test_a_sheet_comes_back_and_what_nobody_counted_is_skipped():
    header = "sku,name,category,location,grade,quantity,comment,counted,counted_by,counted_at,on_hand,on_shelf"
    text = f"{header}\nMUG,Clay mug,,default,default,,,3,Deepa,,5,6\n"

    assert read(text) == [CsvLine(2, "MUG", "default", "default", None, None)]


@pytest.mark.parametrize(
    ("quantity", "units"),
    [
        ("0", 0),
        ("007", 7),
        ("1000000", 1_000_000),
        (" 5 ", 5),
        ("0" * 9_000 + "5", 5),
        ("12.0", 12),
        ('"12,00"', 12),
        ("12.0000", 12),
        ("12.", 12),
    ],
)
def test_a_quantity_is_a_whole_number(quantity: str, units: int):
    assert read(f"sku,quantity\nMUG,{quantity}\n")[0].quantity == units


@pytest.mark.parametrize(
    ("quantity", "complaint"),
    [
        ("-1", "below 0: what was sold before it was there can't be counted; write what lies there, or 0"),
        ("-1.0", "below 0: what was sold before it was there can't be counted; write what lies there, or 0"),
        ("1000001", "above 1,000,000"),
        ("9" * 9_000, "above 1,000,000"),
        ("1.000", "1.000 may be thousands or have three decimals: write it in digits only"),
        ('"1,000"', "1,000 may be thousands or have three decimals: write it in digits only"),
        ("12.500", "12.500 may be thousands or have three decimals: write it in digits only"),
        ('"1.000,00"', "thousands are parted: write it in digits only"),
        ("1 000", "thousands are parted: write it in digits only"),
        ("1'000", "thousands are parted: write it in digits only"),
        ('"1,5"', "not a whole number"),
        ("0.5", "not a whole number"),
        ("1.00001", "not a whole number"),
        ("2026-01-12", "a day, not a whole number"),
        ("TRUE", "not a whole number"),
        ("1e3", "not a whole number"),
        ("five", "not a whole number"),
        ("+5", "not a whole number"),
        ("५", "not a whole number"),
        ("=2+3", "a formula and not its value: open the file in a spreadsheet and save it"),
        ("--5", "not a whole number"),
    ],
)
def test_any_other_quantity_is_named(quantity: str, complaint: str):
    assert read(f"sku,quantity\nMUG,{quantity}\n")[0] == Complaint(2, "quantity", complaint)


def test_every_wrong_field_of_a_line_is_named():
    found = read(f"sku,quantity,comment\n,x,{'c' * 501}\n")

    assert [(each.column, each.complaint) for each in found if isinstance(each, Complaint)] == [
        ("sku", "missing"),
        ("quantity", "not a whole number"),
        ("comment", "longer than 500 characters"),
    ]


def test_the_same_cell_twice_is_told_with_both_lines():
    text = "sku,quantity,location\nMUG,5,\nMUG,5,cellar\n\nMUG,6,default\nMUG,,\nMUG,7,\n"

    assert [each for each in read(text) if isinstance(each, Complaint)] == [
        Complaint(5, "sku", "the same cell as in line 2"),
        Complaint(7, "sku", "the same cell as in line 2"),
    ]


@pytest.mark.parametrize("said", ["", "not stocked", "Not Stocked", "parent"])
def test_where_another_system_has_no_figure_nothing_is_counted(said: str):
    assert read(f"sku,quantity\nMUG,{said}\n") == [CsvLine(2, "MUG", "default", "default", None, None)]


def test_cells_may_be_missing_at_the_end_of_a_row_and_empty_ones_too_many():
    text = "sku,quantity,location,comment\nMUG,5\nBOWL,6,cellar,,,,\nSHAWL\n"

    assert [(line.sku, line.quantity, line.location) for line in read(text)] == [
        ("MUG", 5, "default"),
        ("BOWL", 6, "cellar"),
        ("SHAWL", None, "default"),
    ]


def test_a_cell_too_many_that_says_something_is_refused():
    assert complaints(read("sku,quantity\nMUG,5,6\n")) == [(2, None, "3 fields where the header has 2")]
    assert complaints(read("sku,quantity,\nMUG,5,6\n")) == [(2, None, "a field in a column without a name")]
    assert complaints(read("sku,quantity,\nMUG,5,6\n", ignores_unknown=True)) == []


def test_a_column_for_each_location_is_a_line_for_each():
    text = "SKU,In stock [Main],In stock [Cellar]\nMUG,5,6\nBOWL,,7\nSHAWL,,\nCUP,x,1\n"

    found = read(text)

    lines = [(line.line, line.sku, line.location, line.quantity) for line in found if isinstance(line, CsvLine)]
    assert lines[:3] == [(2, "MUG", "Main", 5), (2, "MUG", "Cellar", 6), (3, "BOWL", "Cellar", 7)]
    assert lines[3] == (4, "SHAWL", "Main", None)
    assert complaints(found) == [(5, "In stock [Main]", "not a whole number")]


def test_columns_for_locations_do_not_make_a_file_longer_than_may_be():
    found = read("SKU,In stock [A],In stock [B]\n" + "MUG,5,6\n" * 3, most_lines=5)

    assert complaints(found)[-1] == (4, None, "a file holds at most 5 counts: split it")


def test_the_reference_of_a_product_stands_before_its_name():
    assert [line.sku for line in read("Product,Quantity\n[MUG-01] Clay mug,5.0\nSHAWL-02,6.0\n")] == [
        "MUG-01",
        "SHAWL-02",
    ]


def test_a_workbook_holds_counts_on_the_sheet_that_has_their_header():
    raw = make_workbook([["Read me first"]], Items=[["SKU", "Stock"], ["0012", 5.0], [12, 1.5]])

    assert read(raw) == [
        CsvLine(2, "0012", "default", "default", 5, None),
        Complaint(3, "quantity", "not a whole number"),
        CsvLine(3, "12", "default", "default", 0, None),
    ]


def test_counts_on_several_sheets_are_refused():
    raw = make_workbook([["sku", "stock"]], Cellar=[["sku", "stock"]])

    assert read(raw) == [Complaint(1, None, "several sheets hold counts: Sheet, Cellar; keep one of them")]


@pytest.mark.parametrize("raw", [b"", b"\n \n", b"\xef\xbb\xbf", b"sep=;\n", make_workbook([])])
def test_a_file_without_a_header_is_one_complaint(raw: bytes):
    assert read(raw) == [Complaint(1, None, "there is no header: the first line names the columns")]


@pytest.mark.parametrize("raw", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"PK\x03\x04" + bytes(50)])
def test_a_workbook_that_can_not_be_read_is_one_complaint(raw: bytes):
    [complaint] = read(raw)

    assert isinstance(complaint, Complaint)
    assert "save it" in complaint.complaint


def test_a_header_that_can_not_be_read_is_the_only_complaint():
    assert len(read('sku,quantity,coment\nMUG,x,y\n"MUG""x,1\n')) == 1


NAMES = st.sampled_from(
    ["sku", "Product", "quantity", "Stock", "In stock [A]", "location", "comment", "", "shelf", "sku"]
)
CELLS = st.sampled_from(["", "MUG", "5", "12,00", "1.000", "-1", "[A] b", "not stocked", "=1", "x" * 501])


@given(st.lists(NAMES, max_size=6), st.lists(st.lists(CELLS, max_size=7), max_size=6), st.booleans())
def test_any_header_and_any_cells_come_to_lines_or_complaints(names, cells, ignores_unknown: bool):
    text = "\n".join(";".join(row) for row in [names, *cells])

    for item in read(text, ignores_unknown=ignores_unknown):
        assert isinstance(item, Complaint) or item.quantity is None or item.quantity >= 0
