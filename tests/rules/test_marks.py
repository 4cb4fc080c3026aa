"""By what a customer is known again: an e-mail address, or a phone number with a name."""

import pytest

from merchant_api.accounts.marks import marks_of, region_of

EMAILS = [
    "Asha@Example.com",
    " asha@EXAMPLE.COM ",
    "ASHA@example.com",
]
PHONES = [
    "+977 984-1234567",
    "9841234567",
    "00977 9841234567",
    "(+977) 984 123 4567",
    "+977 \u096f\u096e\u096a\u0967\u0968\u0969\u096a\u096b\u096c\u096d",
    "\uff0b977\uff19841234567",
]


@pytest.mark.parametrize("email", EMAILS)
def test_an_address_is_one_in_any_case_and_blanks(email):
    assert marks_of("Asha", None, email, None) == ("email:asha@example.com",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("asha+shop@example.com", "asha@example.com"),
        ("a.sha@example.com", "asha@example.com"),
        ("asha@example.org", "asha@example.com"),
        ("stra\u00dfe@example.com", "strasse@example.com"),
    ],
)
def test_other_addresses_are_others_though_some_post_office_may_know_better(one, other):
    assert marks_of("A", None, one, None) != marks_of("A", None, other, None)


def test_an_address_is_one_however_its_letters_are_encoded():
    assert marks_of("A", None, "e@mu\u0308nchen.de", None) == marks_of("A", None, "e@xn--mnchen-3ya.de", None)
    assert marks_of("A", None, "Asha@shop.LOCAL", None) == marks_of("A", None, "asha@shop.local", None)


@pytest.mark.parametrize("phone", PHONES)
@pytest.mark.parametrize("name", ["Asha Rai", "ASHA  RAI", " asha\u00a0rai"])
def test_a_phone_with_a_name_is_one_however_both_are_written(phone, name):
    assert marks_of(name, phone, None, "NP") == ("phone:+9779841234567 asha rai",)


@pytest.mark.parametrize(
    ("name", "phone"), [("Bina Rai", PHONES[0]), ("Asha Rai", "+977 984-1234568"), ("Asha Rai", PHONES[0] + " ext. 5")]
)
def test_another_name_or_number_is_somebody_else(name, phone):
    assert marks_of(name, phone, None, "NP") != marks_of("Asha Rai", PHONES[0], None, "NP")


@pytest.mark.parametrize(
    ("phone", "marks"), [("117", ("phone:117 asha",)), ("\u0967\u0967", ("phone:11 asha",)), ("?", ())]
)
def test_what_cannot_be_dialled_is_compared_by_its_digits(phone, marks):
    assert marks_of("Asha", phone, None, "NP") == marks


def test_the_address_is_the_stronger_mark_and_a_name_alone_is_none():
    assert marks_of("Asha", "9841234567", "a@b.example", "NP")[0] == "email:a@b.example"
    assert marks_of("Asha", None, None, "NP") == ()


@pytest.mark.parametrize(
    ("time_zone", "locale", "region"),
    [
        ("Asia/Kathmandu", "en", "NP"),
        ("America/New_York", "es", "US"),
        ("UTC", "ne-NP", "NP"),
        ("UTC", "zh-Hant-TW", "TW"),
        ("UTC", "en", None),
        ("Factory", "", None),
    ],
)
def test_numbers_are_dialled_where_the_merchant_is(time_zone, locale, region):
    assert region_of(time_zone, locale) == region
