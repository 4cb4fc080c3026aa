"""Which passwords are taken."""

import random
import time

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from merchant_api.accounts import password_rules
from merchant_api.accounts.errors import PasswordTooShort, WeakPassword
from merchant_api.core.errors import Invalid

LOGIN, NAME = "asha.gurung@example.com", "Asha Gurung"
COMMON = [word for word in FREQUENCY_LISTS["passwords"][:10_000] if len(word) >= password_rules.SHORTEST]


def test_the_ten_thousand_most_common_are_refused() -> None:
    taken = [word for word in COMMON if not _is_refused(word) or not _is_refused(word.upper())]

    assert len(COMMON) > 1_000
    assert taken == []


@pytest.mark.parametrize(
    "password",
    [
        "PassWord123",
        "p@$$w0rd!",
        "passwordpassword",
        "aaaaaaaaaaaa",
        "abababababab",
        "12345678901234567890",
        "!@#$%^&*()",
        "qwertyuiopasdfghjkl",
        "19851985",
        "nepal1234",
        "Asha.Gurung@example.com",
        "gurung123",
        "AshaGurung1",
        "Orderbell2026",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        password_rules.check(password, LOGIN, NAME)

    assert list(refused.value.members["errors"]) == ["password"]


@pytest.mark.parametrize("login", ["+9779841234567"])
def test_a_part_of_the_phone_number_is_refused(login: str) -> None:
    with pytest.raises(WeakPassword):
        password_rules.check("9841234567", login)


@pytest.mark.parametrize(
    "password",
    [
        "seven singing bowls",
        "blue mountain",
        "kathmandu monsoon 7",
        "xk29fjqp",
        "नमस्ते सात बजे",
        "aaaaaaaaaaaaaaaa v8#Kq!2m.Lz",
    ],
)
def test_what_takes_long_to_guess_is_taken(password: str) -> None:
    password_rules.check(password, LOGIN, NAME, is_member=len(password) > 9)


def test_who_works_for_a_merchant_needs_two_characters_more() -> None:
    password_rules.check("xk29fjqpz", LOGIN, NAME)

    with pytest.raises(PasswordTooShort):
        password_rules.check("xk29fjqpz", LOGIN, NAME, is_member=True)
    password_rules.check("xk29fjqpzr", LOGIN, NAME, is_member=True)


@pytest.mark.parametrize("password", ["xk29fjq", "x" * 201])
def test_the_length_has_its_limits(password: str) -> None:
    with pytest.raises(Invalid):
        password_rules.check(password, LOGIN, NAME)


def test_the_words_of_one_person_are_no_list_for_the_next() -> None:
    assert _is_refused("tashidelek99", login="tashidelek99@example.com")

    password_rules.check("tashidelek99", LOGIN, NAME)


def test_signs_that_may_stand_for_letters_take_no_long_time() -> None:
    """The library alone takes some seconds for these."""
    chance = random.Random(7)
    told = ["".join(chance.choices("4@8({[<369!1|750$+%2", k=200)) for _ in range(20)]
    started = time.process_time()

    for password in told:
        _is_refused(password)

    assert time.process_time() - started < 10


def _is_refused(password: str, login: str = LOGIN) -> bool:
    try:
        password_rules.check(password, login, NAME)
    except WeakPassword:
        return True
    return False
