"""CSV that goes out: what a spreadsheet would execute is made harmless, and comes back as it was."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from merchant_api.core.csv_out import Download, plain, response, safe

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.mark.parametrize("start", STARTS)
def test_text_that_begins_a_formula_gets_an_apostrophe(start: str):
    assert safe(start + "cmd()") == f"'{start}cmd()"
    assert plain(safe(start + "cmd()")) == start + "cmd()"


@pytest.mark.parametrize("value", ["MUG-01", "'quoted", "", "5", -3, 0, None])
def test_other_text_and_numbers_stay_as_they_are(value: object):
    assert safe(value) == value


@given(st.text() | st.text(alphabet="'=-+@a"))
def test_what_was_made_safe_comes_back_as_it_was(text: str):
    assert plain(safe(text)) == text


def test_a_file_is_a_header_and_lines_in_utf_8_with_crlf(app: Flask):
    rows = [("MUG, 'large'", 5, None), ('a "b"\nc', -1, "=1+1")]

    with response(Download("counts.csv", ("sku", "on_hand", "comment"), rows)) as sent:
        assert sent.get_data() == b'sku,on_hand,comment\r\n"MUG, \'large\'",5,\r\n"a ""b""\nc",-1,\'=1+1\r\n'
        assert sent.content_type == "text/csv; charset=utf-8"
        assert sent.headers["Content-Disposition"] == 'attachment; filename="counts.csv"'
        assert sent.content_length == len(sent.get_data())


def test_a_long_file_goes_over_a_temporary_file():
    rows = [("कप", number) for number in range(200_000)]

    with response(Download("long.csv", ("sku", "on_hand"), rows)) as sent:
        assert sent.get_data() == ("sku,on_hand\r\n" + "".join(f"कप,{n}\r\n" for n in range(200_000))).encode()


def test_what_goes_wrong_while_rows_come_is_an_error_and_no_torn_file():
    def rows():
        yield ("MUG",)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        response(Download("torn.csv", ("sku",), rows()))
