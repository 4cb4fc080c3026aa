"""A number of JSON is whole where it has no fraction, however it is spelt."""

import pytest

from merchant_api.core.body import BadNumber, parse
from merchant_api.core.numbers import number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.0", 1),
        ("1e3", 1000),
        ("1E+3", 1000),
        ("2.50e1", 25),
        ("-0.0", 0),
        ("0e999999999999999999999", 0),
        ("9007199254740993.0", 9007199254740993),
        ("1e39", 10**39),
    ],
)
def test_what_has_no_fraction_is_whole(text, value):
    read = parse(f"[{text}]".encode())[0]

    assert (read, type(read)) == (value, int)
    assert number(text) == value


@pytest.mark.parametrize("text", ["1.5", "0.1", "1e-1", "1.00000000000000000000001", "1e-400", "-0.5", "1e300"])
def test_what_has_a_fraction_or_is_beyond_every_bound_is_not(text):
    assert type(parse(f"[{text}]".encode())[0]) is float


@pytest.mark.parametrize("text", ["1e400", "-1e400", "9" * 41, "1." + "0" * 400, "NaN", "Infinity"])
def test_what_is_not_finite_or_far_too_long_is_no_number(text):
    with pytest.raises(BadNumber):
        parse(f"[{text}]".encode())


@pytest.mark.parametrize("text", ["", " 1", "+1", "01", "1_0", "\u0663", "1.", ".5", "0x1", "1e", "true", "NaN", "--1"])
def test_a_text_that_json_does_not_spell_so_is_no_number(text):
    with pytest.raises(ValueError, match=r"^"):
        number(text)
