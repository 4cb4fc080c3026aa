"""Reading workbooks: what spreadsheets show is what is read, and whatever the bytes, rows or one complaint."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchant_api.core import xlsx_in, xlsx_parts
from merchant_api.core.table_in import Complaint
from tests.make.workbooks import make_workbook, rewritten, with_shared_strings

HEADER = ["sku", "quantity"]
SHEET = "xl/worksheets/sheet1.xml"
DAMAGED = "the workbook is damaged: save it anew as .xlsx, or as CSV UTF-8"
TOO_MUCH = "the workbook unpacks to more than is read: save the sheet as CSV UTF-8, or split it"


def rows(raw: bytes, most_lines: int = 1_000):
    """The rows of the first sheet, or the complaint about it."""
    found = list(xlsx_in.tables(raw, most_lines)[0].rows)
    return [item.complaint if isinstance(item, Complaint) else (item.line, *item.fields) for item in found]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0012", "0012"),
        (12, "12"),
        (12.0, "12"),
        (1.5, "1.5"),
        (1.125, "1.1250"),
        (4006381333931, "4006381333931"),
        (4.006381333931e12, "4006381333931"),
        (True, "TRUE"),
        (date(2026, 3, 4), "2026-03-04"),
        (datetime(2026, 3, 4, 5, 6), "2026-03-04T05:06:00"),  # noqa: DTZ001 - a sheet knows no zone
        ("#N/A", "#N/A"),
    ],
)
def test_a_cell_is_read_as_text(value: object, text: str):
    assert rows(make_workbook([HEADER, [value, "x"]]))[1] == (2, text, "x")


@pytest.mark.parametrize(("shown", "text"), [("0000", "0012"), ('"SKU-"0000', "SKU-0012"), ("0", "12"), ("0.00", "12")])
def test_a_figure_that_is_shown_with_zeros_is_read_with_them(shown: str, text: str):
    assert rows(make_workbook([HEADER, [12, 5]], {"A2": shown}))[1] == (2, text, "5")


def test_a_return_in_a_text_is_one():
    raw = with_shared_strings("<si><t>MUG_x000D_\n</t></si>", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>')

    assert rows(raw) == [(1, "MUG\r\n")]


def test_blank_rows_are_left_out_and_rows_keep_their_numbers():
    assert rows(make_workbook([HEADER, [], ["  ", None], ["MUG", 5]])) == [(1, "sku", "quantity"), (4, "MUG", "5")]


def test_a_formula_is_the_value_that_the_file_holds_for_it():
    raw = make_workbook([HEADER, ["MUG", "=2+3"], ["BOWL", "=2+4"]])

    computed = rewritten(raw, SHEET, b"<f>2\\+3</f><v ?/?>(</v>)?", b"<f>2+3</f><v>5</v>")

    assert rows(computed)[1:] == [(2, "MUG", "5"), (3, "BOWL", "=")]


def test_what_a_sheet_says_of_its_size_is_not_believed():
    raw = rewritten(make_workbook([HEADER, ["MUG", 5]]), SHEET, b'<dimension ref="A1:B2" ?/>', b'<dimension ref="A1"/>')

    assert rows(raw) == [(1, "sku", "quantity"), (2, "MUG", "5")]


def test_hidden_sheets_are_not_read():
    raw = rewritten(
        make_workbook([HEADER], Other=[["x"]]), "xl/workbook.xml", b'name="Sheet" sheetId="1" state="visible"',
        b'name="Sheet" sheetId="1" state="hidden"',
    )  # fmt: skip

    assert [table.name for table in xlsx_in.tables(raw, 100)] == ["Other"]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (b'<row r="99999999999"><c><v>1</v></c></row>', "a sheet of more than 1,048,576 rows or 500 columns"),
        (b'<row r="2"><c r="XFD2"><v>1</v></c></row>', "a sheet of more than 1,048,576 rows or 500 columns"),
        (b'<row r="50"><c r="A50"><v>1</v></c></row>', "a file holds at most 5 lines after its header: split it"),
        (
            b'<row r="2"><c r="A2" t="s"><v>999</v></c></row>',
            DAMAGED,
        ),
        (
            b'<row r="2"><c r="A2"><v>five</v></c></row>',
            DAMAGED,
        ),
    ],
)
def test_a_sheet_that_goes_too_far_is_left_where_it_does(row: bytes, complaint: str):
    raw = rewritten(make_workbook([HEADER]), SHEET, b"</sheetData>", row + b"</sheetData>")

    assert rows(raw, most_lines=5) == [(1, "sku", "quantity"), complaint]


def test_blank_rows_to_the_end_of_a_sheet_are_no_lines():
    raw = rewritten(make_workbook([HEADER]), SHEET, b"</sheetData>", b'<row r="1048576"/></sheetData>')

    assert rows(raw, most_lines=5) == [(1, "sku", "quantity")]


def test_a_workbook_that_unpacks_to_much_is_not_unpacked():
    raw = rewritten(make_workbook([HEADER]), SHEET, b"</sheetData>", b"</sheetData>" + b" " * xlsx_parts.UNPACKED)

    assert len(raw) < 100_000
    assert rows(raw, most_lines=5) == [TOO_MUCH]


@pytest.mark.parametrize(
    ("part", "before", "tags"),
    [
        (SHEET, b"</sheetData>", b'<row r="9">' + b"<c/>" * xlsx_parts.MOST_TAGS + b"</row>"),
        (SHEET, b"<sheetData>", b"<x/>" * (xlsx_parts.TAGS + 200)),
    ],
)
def test_more_tags_than_lines_can_need_are_not_made_trees_of(part: str, before: bytes, tags: bytes):
    assert rows(rewritten(make_workbook([HEADER]), part, before, tags + before), most_lines=5) == [TOO_MUCH]


def test_shared_texts_are_limited_too():
    raw = with_shared_strings("<si/>" * (xlsx_parts.TAGS + 200), "")

    assert rows(raw, most_lines=5) == [TOO_MUCH]


def test_texts_are_found_where_excel_keeps_them():
    strings = "<si><t>sku</t></si><si><t>quantity</t></si><si><r><t>MUG</t></r><r><t>-01</t></r></si>"
    header = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'

    raw = with_shared_strings(strings, header + '<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3"><v>5</v></c></row>')

    assert rows(raw) == [(1, "sku", "quantity"), (3, "MUG-01", "5")]


def test_a_workbook_with_more_parts_than_any_is_not_read():
    file = io.BytesIO(make_workbook([HEADER]))
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(xlsx_parts.MOST_PARTS):
            archive.writestr(f"xl/media/{number}.png", b"")

    assert rows(file.getvalue()) == [TOO_MUCH]


@pytest.mark.parametrize("raw", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"])
def test_what_is_no_workbook_is_refused_with_a_sentence(raw: bytes):
    assert xlsx_in.is_workbook(raw)
    assert "save it" in rows(raw)[0]


def test_another_zip_file_is_no_workbook():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<office/>")

    assert rows(file.getvalue()) == ["not a workbook that can be read: save it anew as .xlsx, or as CSV UTF-8"]


WORKBOOK = make_workbook([HEADER, ["MUG", 5], ["BOWL", 1.5]])
PARTS = [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]


@given(st.sampled_from(PARTS), st.integers(0, 2_000), st.binary(max_size=3))
def test_any_damage_comes_to_rows_or_complaints(part: str, at: int, other: bytes):
    damaged = rewritten(WORKBOOK, part, rb"(?s)\A(.{%d})." % min(at, 900), lambda found: found[1] + other)

    assert all(item.line >= 1 for table in xlsx_in.tables(damaged, 1_000) for item in table.rows)
