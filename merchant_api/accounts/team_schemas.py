"""Shapes of who and what acts for a merchant: members and keys."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from merchant_api.accounts.invitations import MemberState
from merchant_api.accounts.keys import KeyAsked
from merchant_api.accounts.models import (
    MemberRole,
)
from merchant_api.accounts.team import MemberChanges, NewMember
from merchant_api.core.schema import In, InstantOut, Out, Text


class MemberIn(In):
    """A person, by login or by the id of a customer of this merchant, and the role."""

    makes = NewMember

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
    """A member of a merchant, or somebody who was invited: of whom nothing is told but what the inviter typed.

    `permissions` is what comes of the role, of what was granted and what was withheld; before accepting there are none.
    """

    id = fields.UUID(
        required=True,
        metadata={"description": "What DELETE /members/{id} takes: a member's person_id, or an invitation."},
    )
    state = fields.Enum(
        MemberState,
        by_value=fields.String,
        required=True,
        metadata={"description": "Invite again to renew what is expired, or void: who invited may not any more."},
    )
    person_id = fields.UUID(required=True, allow_none=True)
    login = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of an invitation: as it was typed, in one spelling."},
    )
    name = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    role = fields.Enum(MemberRole, by_value=fields.String, required=True)
    granted = fields.List(fields.String(), required=True)
    withheld = fields.List(fields.String(), required=True)
    permissions = fields.List(fields.String(), required=True)
    created_at = InstantOut(required=True)
    expires_at = InstantOut(required=True, allow_none=True, metadata={"description": "Until when it can be accepted."})


class NewMemberOut(MemberOut):
    """A member or an invitation just made; the invited gets `token` from the inviter, it is shown this once."""

    token = fields.String(required=True, allow_none=True, metadata={"description": "None where nobody is invited."})


class LeavingIn(In):
    """What becomes of the API keys that the member made."""

    keep_keys = fields.Boolean(
        load_default=False,
        metadata={"description": "Whether they go on, with what they may at this moment; else they are revoked."},
    )


class KeyIn(In):
    """A key's name and what it may do."""

    makes = KeyAsked

    name = Text(200, required=True)
    permissions = fields.List(Text(64), required=True, validate=validate.Length(min=1, max=50))


class KeyMakerOut(Out):
    """Who made a key."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class KeyOut(Out):
    """A key without its text; it never may more than the member who made it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True, metadata={"description": "What it was given."})
    allowed_now = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What of that it may at this moment: none while its maker is disabled."},
    )
    made_by = fields.Nested(KeyMakerOut, required=True, allow_none=True)
    ends_with_maker = fields.Boolean(
        required=True, attribute="is_bound", metadata={"description": "Whether it ends with its maker's membership."}
    )
    created_at = InstantOut(required=True)
    revoked_at = InstantOut(required=True, allow_none=True)


class NewKeyOut(Out):
    """A key just made; `key` is shown this once."""

    id = fields.UUID(required=True, attribute="row.id")
    name = fields.String(required=True, attribute="row.name")
    permissions = fields.List(fields.String(), required=True, attribute="row.permissions")
    key = fields.String(required=True)
