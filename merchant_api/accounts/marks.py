"""By what a merchant knows a customer again, pure: an e-mail address, or a phone number together with a name.

Only what a seller says of a customer marks one. What people who sign in say of themselves is not verified, so it marks
nobody: whoever registers with another's address is not that other, and takes nothing from him. A name alone, as of a
guest, is many people's.
"""

import re
from contextlib import suppress
from unicodedata import normalize

import phonenumbers
from babel.core import get_global
from email_validator import EmailNotValidError, validate_email

from merchant_api.core.names import key


def region_of(time_zone: str, locale: str) -> str | None:
    """The country in which a merchant's numbers are dialled: where its zone lies, else the one of its language."""
    countries = [get_global("zone_territories").get(time_zone), *re.split("[-_]", locale)[1:]]
    return next((each for each in countries if each in phonenumbers.SUPPORTED_REGIONS), None)


def marks_of(name: str, phone: str | None, email: str | None, region: str | None) -> tuple[str, ...]:
    """The marks of somebody who is called so and reached so, the strongest first; `region` is for local numbers."""
    marks = []
    if email is not None and (address := _address(email)):
        marks.append(f"email:{address}")
    if phone is not None and (number := _number(phone, region)):
        marks.append(f"phone:{number} {key(name)}")
    return tuple(marks)


def _address(email: str) -> str:
    """The address in small letters and one Unicode form; its domain as people read it, were it sent as xn--."""
    text = normalize("NFC", email).strip()
    with suppress(EmailNotValidError):  # a domain that only a house knows, as shop.local, is as it is written
        text = validate_email(text, check_deliverability=False, test_environment=True).normalized
    return normalize("NFC", text.lower())


def _number(phone: str, region: str | None) -> str:
    """The number in E.164, with its extension; its digits where it is none that can be dialled. Empty without any."""
    text = normalize("NFKC", phone).strip()
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        return "".join(str(int(letter)) for letter in text if letter.isdecimal())
    plain: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};{number.extension}" if number.extension else plain
