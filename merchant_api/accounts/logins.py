"""What people sign in with, in one spelling each: an e-mail address in lower case, or a phone number in E.164."""

import re
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from merchant_api.accounts.errors import BadLogin

_PHONE = re.compile(r"\+[0-9 ().-]{6,30}")


@dataclass(frozen=True, slots=True)
class Login:
    """Exactly one of the two is set."""

    email: str | None = None
    phone: str | None = None

    def __str__(self) -> str:
        return self.email or self.phone or ""


def read_login(text: str) -> Login:
    """The login that a person typed; raises BadLogin. Nothing is asked of the network."""
    text = text.strip()
    return Login(email=_email(text)) if "@" in text else Login(phone=_phone(text))


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise BadLogin(errors={"login": [str(error)]}) from error


def _phone(text: str) -> str:
    try:
        # Without letters and extensions, which the library would turn into other numbers.
        number = phonenumbers.parse(text if _PHONE.fullmatch(text) else "", None)
    except phonenumbers.NumberParseException as error:
        raise BadLogin(errors={"login": [BadLogin().detail]}) from error
    if not phonenumbers.is_valid_number(number):
        raise BadLogin(errors={"login": ["There is no such phone number."]})
    formatted: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return formatted
