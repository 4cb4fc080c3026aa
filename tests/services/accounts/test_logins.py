"""One spelling for each login, and what is no login."""

import pytest

from merchant_api.accounts.errors import BadLogin
from merchant_api.accounts.logins import read_login


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Asha@Example.COM", "asha@example.com"),
        ("  asha+lamps@example.com ", "asha+lamps@example.com"),
        ("staff@demo.example", "staff@demo.example"),
        ("ÜMIT@bücher.example", "ümit@bücher.example"),
        ("+977 984-1234567", "+9779841234567"),
        ("+49 (0)30 901820", "+4930901820"),
    ],
)
def test_a_login_has_one_spelling(typed: str, kept: str) -> None:
    assert str(read_login(typed)) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "asha",
        "@",
        "asha@",
        "asha@localhost",
        "asha@[127.0.0.1]",
        "Asha <asha@example.com>",
        "asha@example.com,eve@example.com",
        "asha@example.com\r\nBcc: eve@example.com",
        "9841234567",
        "+977",
        "+9779841234567 ext. 5",
        "+1-800-FLOWERS",
        "+" + "9" * 300,
        "tel:+9779841234567",
        "٠٩٨٤١٢٣٤٥٦٧",
    ],
)
def test_a_text_that_nobody_can_be_reached_by_is_no_login(typed: str) -> None:
    with pytest.raises(BadLogin):
        read_login(typed)
