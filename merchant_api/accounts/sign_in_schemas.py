"""Shapes of signing in, and of what people see and change of themselves."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from merchant_api.accounts.enter import Credentials, NewPerson
from merchant_api.accounts.models import (
    MemberRole,
)
from merchant_api.accounts.password_rules import LONGEST, SHORTEST
from merchant_api.core.language_tag import LanguageTag
from merchant_api.core.schema import Flag, In, Out, Text


class LoginIn(In):
    """An e-mail address or a phone number with its country code, and the password."""

    makes = Credentials

    login = Text(254, required=True)
    password = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST))


class RegisterIn(In):
    """A customer who registers."""

    makes = NewPerson

    login = Text(254, required=True)
    password = fields.String(required=True, validate=validate.Length(min=SHORTEST, max=LONGEST))
    name = Text(200, required=True)


class RefreshIn(In):
    """The refresh token that was given last. Ask once at a time: a spent one that is sent later ends the sign-in."""

    refresh_token = fields.String(required=True, validate=validate.Length(min=1, max=200))


class LogOutIn(In):
    """Which sign-ins end: this one, or all of the person's."""

    everywhere = Flag(load_default=False, metadata={"description": "Whether your sign-ins on all devices end."})


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


class MeChangedOut(MeOut):
    """Herself after a change."""

    ended_sign_ins = fields.Integer(
        required=True,
        metadata={"description": "How many other sign-ins ended with the old password; this one goes on."},
    )


class MePatchIn(In):
    """What a person changes of herself; what is left out stays. A new password needs the current one."""

    name = Text(200)
    locale = LanguageTag(allow_none=True)
    password = fields.String(validate=validate.Length(min=SHORTEST, max=LONGEST))
    current_password = fields.String(validate=validate.Length(min=1, max=LONGEST))

    @validates_schema
    def _has_both(self, data: Mapping[str, Any], **_: object) -> None:
        if ("password" in data) != ("current_password" in data):
            missing = "current_password" if "password" in data else "password"
            raise ValidationError("A change of password needs both, the new and the current one.", missing)
