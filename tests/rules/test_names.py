"""When two names are one, and how a name is kept."""

import pytest

from merchant_api.core.names import key, tidy

ALIKE = [
    ("MUG-01", "mug-01"),
    ("Caf\u00e9", "CAFE\u0301"),
    ("Stra\u00dfe", "STRASSE"),
    ("\uff2d\uff35\uff27", "mug"),
    ("A 11", "a\u00a0\u3000 11 "),
    ("\u0915\u094d\u0937", "\u0915\u094d\u200d\u0937"),
    ("\ufb01n", "FIN"),
    ("\u1fb3", "\u0391\u0399"),
    ("\u212b", "\u00e5"),
]
APART = [("A 11", "A1 1"), ("MUG-01", "MUG01"), ("MUG-01", "MUG_01"), ("e", "\u00e9"), ("0", "O"), ("\u0430", "a")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_case_unicode_form_and_blanks_make_no_other_name(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_everything_else_does(one, other):
    assert key(one) != key(other)


@pytest.mark.parametrize("name", [each for pair in ALIKE + APART for each in pair])
def test_a_name_that_is_kept_has_its_key_and_is_kept_as_it_is(name):
    assert key(tidy(name)) == key(name) == key(key(name))
    assert tidy(tidy(name)) == tidy(name)


def test_a_name_is_kept_composed_with_single_blanks_and_in_its_case():
    assert tidy(" Cafe\u0301\u00a0 \tNo.\u20281 ") == "Caf\u00e9 No. 1"
