"""Reading CSV as spreadsheets write it: whatever the bytes, records or complaints about lines, and no surprise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchant_api.core.csv_in import Columns, Complaint, Record, records

COLUMNS = Columns(("sku", "quantity"), ("comment",))
HEADER = b"sku,quantity,comment\n"


def read(raw: bytes, most_lines: int = 1_000):
    return list(records(raw, COLUMNS, most_lines))


def told(raw: bytes, most_lines: int = 1_000):
    """Records as line and values, complaints as line, column and words."""
    return [
        (item.line, *item.fields.values())
        if isinstance(item, Record)
        else (item.line, item.column, item.complaint.partition(":")[0])
        for item in read(raw, most_lines)
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"sku,quantity\nMUG,5\n",
        b"sku,quantity\r\nMUG,5\r\n",
        b"sku,quantity\rMUG,5",
        b"\xef\xbb\xbfsku,quantity\nMUG,5\n",
        b"sku;quantity\nMUG;5\n",
        b"sku\tquantity\nMUG\t5\n",
        b'"SKU";" Quantity "\n" MUG ";"5"\n',
        "sku,quantity\r\nMUG,5\r\n".encode("utf-16"),
        b"\xfe\xff" + "sku\tquantity\nMUG\t5\n".encode("utf-16-be"),
        b"sku,quantity,,\nMUG,5,,\n",
    ],
)
def test_what_spreadsheets_write_is_read(raw: bytes):
    assert [dict(item.fields) for item in read(raw)] == [{"sku": "MUG", "quantity": "5"}]


def test_columns_come_in_any_order_and_blank_lines_do_not_count_but_for_their_numbers():
    raw = b"\n\ncomment;QUANTITY;Sku\n\nshelf;5;MUG\n;;\n;6;BOWL\n"

    assert read(raw) == [
        Record(5, {"comment": "shelf", "quantity": "5", "sku": "MUG"}),
        Record(7, {"comment": "", "quantity": "6", "sku": "BOWL"}),
    ]


def test_a_quoted_field_may_hold_delimiters_quotes_and_new_lines():
    raw = HEADER + b'MUG,5,"one, ""two""\r\nthree"\r\nBOWL,6,\n'

    assert told(raw) == [(2, "MUG", "5", 'one, "two"\r\nthree'), (4, "BOWL", "6", "")]


@pytest.mark.parametrize(
    ("raw", "complaints"),
    [
        (b"", [(1, None, "there is no header")]),
        (b"\n \n", [(1, None, "there is no header")]),
        (b"\xef\xbb\xbf", [(1, None, "there is no header")]),
        (b"sku\nMUG\n", [(1, "quantity", "the header does not name this column")]),
        (b"sku,sku,quantity\n", [(1, "sku", "the header names this column twice")]),
        (b"sku,quantity,coment\n", [(1, "coment", "no such column is known")]),
        (b"sku,quantity," + b"x" * 90 + b"\n", [(1, "x" * 80, "no such column is known")]),
        (b"sku,quantity" + b",x" * 99 + b"\n", [(1, None, "101 columns where 100 may be")]),
        (b"MUG,5\n", [(1, "sku", "the header does not name this column")]),
        (b"x" * 300_000, [(1, None, "a field is too long")]),
    ],
)
def test_a_header_that_says_too_little_is_named(raw: bytes, complaints: list[tuple[int, str | None, str]]):
    assert told(raw)[: len(complaints)] == complaints


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"MUG,5", "2 fields where the header has 3"),
        (b"MUG,5,a,b", "4 fields where the header has 3"),
        (b'MUG,5,"a"b', "a quote inside a quoted field must be doubled"),
        (b"MUG,5," + b"x" * 200_000, "a field is too long"),
    ],
)
def test_a_line_that_can_not_be_read_does_not_hide_the_others(line: bytes, complaint: str):
    raw = HEADER + b"BOWL,1,\n" + line + b"\nSHAWL,2,\n"

    assert told(raw) == [(2, "BOWL", "1", ""), (3, None, complaint), (4, "SHAWL", "2", "")]


def test_a_quote_that_is_never_closed_is_told_by_the_line_where_it_begins():
    assert told(HEADER + b'BOWL,1,\nMUG,5,"never\nSHAWL,2,\n') == [
        (2, "BOWL", "1", ""),
        (3, None, "a quoted field that begins here is never closed"),
    ]


def test_a_field_below_no_name_is_refused():
    assert told(b"sku,quantity,\nMUG,5,left over\n") == [(2, None, "a field in a column without a name")]


def test_every_line_that_is_not_utf_8_is_named():
    raw = HEADER + "MUG,5,café\nBOWL,6,\nSHAWL,7,naïve\n".encode("cp1252")

    assert told(raw) == [(2, None, "not UTF-8"), (4, None, "not UTF-8")]


def test_utf_16_that_breaks_off_is_named():
    raw = "sku,quantity\nMUG,5".encode("utf-16") + b"\x00"

    assert told(raw) == [(2, None, "not UTF-16, though the file begins as if it were")]


def test_nul_is_named_and_so_is_utf_16_that_does_not_say_so():
    assert told(HEADER + b"MUG,5,a\0b\n") == [(2, None, "holds a NUL character; not UTF-8")]
    assert told("sku,quantity\nMUG,5".encode("utf-16-le"))[0] == (1, None, "holds a NUL character; not UTF-8")


@pytest.mark.parametrize("line", [b"MUG,5,\n", b"\n", b'MUG,"5"5,\n', b"\xff\n", b"\0\n"])
def test_a_file_that_is_too_long_is_not_read_to_its_end(line: bytes):
    found = read(HEADER + line * 50 + b"MUG,5,\n", most_lines=5)

    assert len(found) <= 7
    assert isinstance(found[-1], Complaint)


def test_the_longest_file_that_is_taken_is_read_whole():
    assert len(read(HEADER + b"MUG,5,\n" * 5, most_lines=5)) == 5


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_bytes_come_to_records_or_complaints(raw: bytes):
    for found in (read(raw), read(HEADER + raw)):
        assert all(item.line >= 1 for item in found)
