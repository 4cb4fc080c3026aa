"""Reading CSV as spreadsheets and other systems write it: whatever the bytes, rows or complaints, and no surprise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchant_api.core import csv_in
from merchant_api.core.table_in import Complaint, TableRow

HEADER = b"sku,quantity,comment\n"


def table(raw: bytes, most_lines: int = 1_000):
    return csv_in.table(raw, most_lines, lambda name: name.strip().lower() in {"sku", "quantity", "comment"})


def told(raw: bytes, most_lines: int = 1_000):
    """Rows as line and values, complaints as line, column and words."""
    return [
        (item.line, *item.fields)
        if isinstance(item, TableRow)
        else (item.line, item.column, item.complaint.partition(":")[0])
        for item in table(raw, most_lines).rows
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
        b"sku|quantity\nMUG|5\n",
        b'"sku";"quantity"\n"MUG";"5"\n',
        "sku,quantity\r\nMUG,5\r\n".encode("utf-16"),
        b"\xfe\xff" + "sku\tquantity\nMUG\t5\n".encode("utf-16-be"),
    ],
)
def test_what_spreadsheets_write_is_read(raw: bytes):
    assert told(raw) == [(1, "sku", "quantity"), (2, "MUG", "5")]


@pytest.mark.parametrize("first", [b"sep=;", b'"sep=;"', b"\xef\xbb\xbfSEP=;", b"sep=; "])
def test_a_first_line_that_says_the_separator_is_believed_and_no_row(first: bytes):
    assert told(first + b"\r\nx,sku;quantity\r\nMUG;5\r\n") == [(2, "x,sku", "quantity"), (3, "MUG", "5")]


def test_a_separator_of_its_own_counts_no_line():
    assert told(b"sep=,\nsku,quantity\n" + b"MUG,5\n" * 5, most_lines=5)[-1] == (7, "MUG", "5")


def test_a_decimal_comma_does_not_make_a_comma_the_delimiter():
    assert told(b"sku;quantity\nMUG;12,00\nBOWL;5,00\n")[1:] == [(2, "MUG", "12,00"), (3, "BOWL", "5,00")]


def test_blank_lines_do_not_count_but_for_their_numbers():
    raw = b"\n\ncomment;QUANTITY;Sku\n\nshelf;5;MUG\n;;\n;6;BOWL\n"

    assert told(raw) == [(3, "comment", "QUANTITY", "Sku"), (5, "shelf", "5", "MUG"), (7, "", "6", "BOWL")]


def test_a_quoted_field_may_hold_delimiters_quotes_and_new_lines():
    raw = HEADER + b'MUG,5,"one, ""two""\r\nthree"\r\nBOWL,6,\n'

    assert told(raw)[1:] == [(2, "MUG", "5", 'one, "two"\r\nthree'), (4, "BOWL", "6", "")]


def test_between_tabs_a_quote_may_be_a_mark_of_inches():
    raw = b'sku\tquantity\tcomment\nMUG\t5\t"Big" one\nBOWL\t6\t"12\nSHAWL\t7\t\n'

    assert told(raw)[1:] == [(2, "MUG", "5", '"Big" one'), (3, "BOWL", "6", '"12'), (4, "SHAWL", "7", "")]


def test_between_tabs_what_excel_quotes_is_read():
    assert told(b'sku\tquantity\nMUG\t"5"\n"BO\tWL"\t6\n')[1:] == [(2, "MUG", "5"), (3, "BO\tWL", "6")]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b'MUG,5,"a"b', "a quote inside a quoted field must be doubled"),
        (b"MUG,5," + b"x" * 200_000, "a field is too long"),
    ],
)
def test_a_line_that_can_not_be_read_does_not_hide_the_others(line: bytes, complaint: str):
    raw = HEADER + b"BOWL,1,\n" + line + b"\nSHAWL,2,\n"

    assert told(raw)[1:] == [(2, "BOWL", "1", ""), (3, None, complaint), (4, "SHAWL", "2", "")]


def test_a_quote_that_is_never_closed_is_told_by_the_line_where_it_begins():
    assert told(HEADER + b'BOWL,1,\nMUG,5,"never\nSHAWL,2,\n')[1:] == [
        (2, "BOWL", "1", ""),
        (3, None, "a quoted field that begins here is never closed"),
    ]


def test_the_code_page_of_excel_in_the_west_is_recognised():
    western = table(HEADER + "MUG,5,café\nSHAWL,7,naïve œ 5 €\n".encode("cp1252"))

    assert western.read_as == "Windows-1252"
    assert [row.fields[2] for row in western.rows] == ["comment", "café", "naïve œ 5 €"]


def test_every_line_of_damaged_utf_8_is_named():
    raw = HEADER + "MUG,5,café\n".encode() + b"BOWL,6,caf\xc3\nSHAWL,7,\n"

    assert told(raw) == [(3, None, "not UTF-8")]


def test_bytes_of_no_code_page_are_named():
    assert told(HEADER + b"MUG,5,\x81\n") == [(2, None, "not UTF-8")]


def test_utf_16_that_breaks_off_is_named():
    raw = "sku,quantity\nMUG,5".encode("utf-16") + b"\x00"

    assert told(raw) == [(2, None, "not UTF-16, though the file begins as if it were")]


def test_nul_is_named_and_so_is_utf_16_that_does_not_say_so():
    assert told(HEADER + b"MUG,5,a\0b\n") == [(2, None, "holds a NUL character; not UTF-8")]
    assert told("sku,quantity\nMUG,5".encode("utf-16-le"))[0] == (1, None, "holds a NUL character; not UTF-8")


@pytest.mark.parametrize("line", [b"MUG,5,\n", b"\n", b'MUG,"5"5,\n', b"\xff\n", b"\0\n"])
def test_a_file_that_is_too_long_is_not_read_to_its_end(line: bytes):
    found = list(table(HEADER + line * 50 + b"MUG,5,\n", most_lines=5).rows)

    assert len(found) <= 8
    assert isinstance(found[-1], Complaint)


def test_the_longest_file_that_is_taken_is_read_whole():
    assert len(told(HEADER + b"MUG,5,\n" * 5, most_lines=5)) == 6


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_bytes_come_to_rows_or_complaints(raw: bytes):
    for found in (table(raw), table(HEADER + raw)):
        assert all(item.line >= 1 for item in found.rows)
