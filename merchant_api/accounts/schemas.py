"""Shapes of what comes in and goes out about people, merchants, members and keys."""

import re
import zoneinfo
from collections.abc import Mapping
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from merchant_api.accounts.enter import Credentials, Registration
from merchant_api.accounts.keys import Wish
from merchant_api.accounts.models import (
    LONGEST_CART_S,
    LONGEST_WINDOW_S,
    SHORTEST_CART_S,
    Allocation,
    MemberRole,
    Terms,
)
from merchant_api.accounts.passwords import LONGEST, SHORTEST
from merchant_api.accounts.team import Invitation, MemberChanges
from merchant_api.core.money import is_currency
from merchant_api.core.schema import In, InstantOut, Out, Text, Whole

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def is_time_zone(name: str) -> None:
    """A validator: a zone of the IANA database, as Asia/Kathmandu."""
    if name not in _time_zones():
        raise ValidationError("Not a time zone of the IANA database, as Asia/Kathmandu.")


def is_known_currency(code: str) -> None:
    """A validator: a code of ISO 4217, as NPR."""
    if not is_currency(code):
        raise ValidationError("Not a currency of ISO 4217, as NPR.")


def is_locale(name: str) -> None:
    """A validator: a language, and perhaps a script and a country, as ne or en-GB."""
    try:
        Locale.parse(name if _LOCALE.fullmatch(name) else "", sep="-")
    except (ValueError, UnknownLocaleError) as error:
        raise ValidationError("Not a locale, as ne or en-GB.") from error


class LoginIn(In):
    """An e-mail address or a phone number with its country code, and the password."""

    makes = Credentials

    login = Text(254, required=True)
    password = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST))


class RegisterIn(In):
    """A customer who registers."""

    makes = Registration

    login = Text(254, required=True)
    password = fields.String(required=True, validate=validate.Length(min=SHORTEST, max=LONGEST))
    name = Text(200, required=True)


class RefreshIn(In):
    """The refresh token that was given last."""

    refresh_token = fields.String(required=True, validate=validate.Length(min=1, max=200))


class TokensOut(Out):
    """A pair of tokens; `expires_in` is the access token's life in seconds."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    expires_in = fields.Integer(required=True)
    token_type = fields.String(required=True)


class PersonOut(Out):
    """A person, as she sees herself."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    locale = fields.String(required=True, allow_none=True)


class WelcomeOut(Out):
    """A new person and the first tokens."""

    person = fields.Nested(PersonOut, required=True)
    access_token = fields.String(required=True, attribute="tokens.access_token")
    refresh_token = fields.String(required=True, attribute="tokens.refresh_token")
    expires_in = fields.Integer(required=True, attribute="tokens.expires_in")
    token_type = fields.String(required=True, attribute="tokens.token_type")


class MembershipOut(Out):
    """A merchant that the person works for."""

    merchant_id = fields.UUID(required=True)
    name = fields.String(required=True)
    role = fields.Enum(MemberRole, by_value=fields.String, required=True)
    permissions = fields.List(fields.String(), required=True)


class MeOut(Out):
    """Who asks, and where she works."""

    person = fields.Nested(PersonOut, required=True)
    memberships = fields.List(fields.Nested(MembershipOut), required=True)
    is_staff = fields.Boolean(required=True)


class MePatchIn(In):
    """What a person changes of herself; what is left out stays."""

    name = Text(200)
    locale = fields.String(allow_none=True, validate=is_locale)


class MerchantOut(Out):
    """A merchant; windows are seconds."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)
    currency = fields.String(required=True)
    locale = fields.String(required=True)
    respond_window_s = fields.Integer(required=True)
    pay_window_s = fields.Integer(required=True)
    cancel_window_s = fields.Integer(required=True)
    pay_grace_s = fields.Integer(required=True)
    allowed_terms = fields.List(fields.String(), required=True, allow_none=True)
    default_terms = fields.Enum(Terms, by_value=fields.String, required=True, allow_none=True)
    unpaid_orders_cap = fields.Integer(required=True)
    allocation = fields.Enum(Allocation, by_value=fields.String, required=True)
    cart_ttl_s = fields.Integer(required=True)
    created_at = InstantOut(required=True)


class MerchantPatchIn(In):
    """Settings of a merchant; what is left out stays. The currency is fixed by the first product."""

    name = Text(200)
    time_zone = fields.String(validate=is_time_zone)
    currency = fields.String(validate=is_known_currency)
    locale = fields.String(validate=is_locale)
    respond_window_s = Whole(1, LONGEST_WINDOW_S)
    pay_window_s = Whole(1, LONGEST_WINDOW_S)
    cancel_window_s = Whole(0, LONGEST_WINDOW_S)
    pay_grace_s = Whole(0, 3600)
    allowed_terms = fields.List(
        fields.Enum(Terms, by_value=fields.String), allow_none=True, validate=validate.Length(min=1, max=len(Terms))
    )
    default_terms = fields.Enum(Terms, by_value=fields.String, allow_none=True)
    unpaid_orders_cap = Whole(1, 10_000)
    allocation = fields.Enum(
        Allocation,
        by_value=fields.String,
        metadata={"description": "Where units come from first: the merchant's order of preference, or the nearest."},
    )
    cart_ttl_s = Whole(
        SHORTEST_CART_S, LONGEST_CART_S, metadata={"description": "Seconds that a cart is kept after its last change."}
    )

    @post_load
    def _in_order(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        if data.get("allowed_terms") is not None:
            data["allowed_terms"] = [terms.value for terms in Terms if terms in data["allowed_terms"]]
        return data


class MemberIn(In):
    """A person, by login or by id, and the role."""

    makes = Invitation

    login = Text(254)
    person_id = fields.UUID()
    role = fields.Enum(MemberRole, by_value=fields.String, required=True)

    @validates_schema
    def _names_one(self, data: Mapping[str, Any], **_: object) -> None:
        if ("login" in data) == ("person_id" in data):
            raise ValidationError("Name the person by login or by person_id.", "login")


class MemberChangesIn(In):
    """What shall be different; what is left out stays. `granted` and `withheld` are whole lists of permissions."""

    makes = MemberChanges

    role = fields.Enum(MemberRole, by_value=fields.String)
    granted = fields.List(Text(64), validate=validate.Length(max=50))
    withheld = fields.List(Text(64), validate=validate.Length(max=50))


class MemberOut(Out):
    """A member of a merchant; `permissions` is what comes of the role, of what was granted and what was withheld."""

    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    role = fields.Enum(MemberRole, by_value=fields.String, required=True)
    granted = fields.List(fields.String(), required=True)
    withheld = fields.List(fields.String(), required=True)
    permissions = fields.List(fields.String(), required=True)
    created_at = InstantOut(required=True)


class KeyIn(In):
    """A key's name and what it may do."""

    makes = Wish

    name = Text(200, required=True)
    permissions = fields.List(Text(64), required=True, validate=validate.Length(min=1, max=50))


class KeyOut(Out):
    """A key without its text."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)
    created_at = InstantOut(required=True)
    revoked_at = InstantOut(required=True, allow_none=True)


class NewKeyOut(Out):
    """A key just made; `key` is shown this once."""

    id = fields.UUID(required=True, attribute="row.id")
    name = fields.String(required=True, attribute="row.name")
    permissions = fields.List(fields.String(), required=True, attribute="row.permissions")
    key = fields.String(required=True)
