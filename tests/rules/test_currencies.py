"""Currencies are those of ISO 4217 of 2026, with its digits; the list is compared with what its amendments say."""

import pytest
from babel.numbers import list_currencies

from merchant_api.core.money import is_currency, is_payable, payable, precision
from notifications.money import digits_of

NO_DIGITS = [
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
]
THREE_DIGITS = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
CLDR_SAYS_NONE = ["AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"]
WITHDRAWN = [
    "ANG",
    "BGN",
    "BYR",
    "CUC",
    "DEM",
    "EEK",
    "FRF",
    "HRK",
    "ITL",
    "LTL",
    "LVL",
    "MRO",
    "SLL",
    "STD",
    "VEF",
    "ZMK",
    "ZWD",
    "ZWL",
]
CAME_IN_THEIR_PLACE = ["XCG", "EUR", "BYN", "CUP", "MRU", "SLE", "STN", "VES", "VED", "ZMW", "ZWG"]
NOBODY_PAYS_WITH = [
    "BOV",
    "CHE",
    "CHW",
    "CLF",
    "COU",
    "MXV",
    "USN",
    "UYI",
    "UYW",
    "XAD",
    "XAG",
    "XAU",
    "XBA",
    "XBB",
    "XBC",
    "XBD",
    "XDR",
    "XPD",
    "XPT",
    "XSU",
    "XTS",
    "XUA",
    "XXX",
]


def test_digits_are_those_of_iso_4217():
    said = {code: each.digits for code, each in payable().items()}

    assert sorted(code for code, digits in said.items() if digits == 0) == NO_DIGITS
    assert sorted(code for code, digits in said.items() if digits == 3) == THREE_DIGITS
    assert set(said.values()) == {0, 2, 3}


@pytest.mark.parametrize("code", CLDR_SAYS_NONE)
def test_a_currency_whose_coins_nobody_uses_keeps_its_digits(code):
    assert precision(code) == 2


def test_the_list_is_that_of_2026():
    assert len(payable()) == 155
    assert [code for code in WITHDRAWN if is_payable(code)] == []
    assert [code for code in CAME_IN_THEIR_PLACE if not is_payable(code)] == []


def test_funds_metals_units_of_account_and_test_codes_are_nothing_to_pay_with():
    assert [code for code in NOBODY_PAYS_WITH if is_payable(code)] == []


@pytest.mark.parametrize(("code", "digits"), [("BGN", 2), ("HRK", 2), ("ITL", 0), ("XAU", 2)])
def test_what_is_no_longer_accepted_keeps_the_digits_that_it_had(code, digits):
    assert (is_currency(code), precision(code)) == (True, digits)


@pytest.mark.parametrize("code", ["", "npr", "XQQ", "NPRS", "Rs", "€"])
def test_what_never_was_a_currency_is_none(code):
    assert not is_currency(code)


def test_messages_have_the_digits_that_the_domain_has():
    known = list_currencies() | set(payable())

    assert {code: digits_of(code) for code in known} == {code: precision(code) for code in known}
