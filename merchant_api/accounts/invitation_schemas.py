"""Shapes of answering an invitation."""

from marshmallow import fields, validate

from merchant_api.accounts.join import Joining
from merchant_api.accounts.models import MemberRole
from merchant_api.accounts.password_rules import LONGEST, SHORTEST_OF_MEMBERS
from merchant_api.core.schema import In, InstantOut, Out, Text

_TOKEN = "What whoever invites got with the answer of POST /members."  # noqa: S105 - a description


class InvitationOut(Out):
    """An invitation, as the person sees it whom it names; `name` is the merchant's."""

    merchant_id = fields.UUID(required=True, attribute="invited.row.merchant_id")
    name = fields.String(required=True)
    role = fields.Enum(MemberRole, by_value=fields.String, required=True, attribute="invited.row.role")
    needs_token = fields.Boolean(
        required=True,
        metadata={"description": "Whether accepting takes the token: the account is younger than the invitation."},
    )
    created_at = InstantOut(required=True, attribute="invited.row.created_at")
    expires_at = InstantOut(required=True, attribute="invited.row.expires_at")


class InvitationAnswerIn(In):
    """The token, where the account is younger than the invitation."""

    token = Text(200, load_default=None, metadata={"description": _TOKEN})


class JoinIn(In):
    """Who was invited and has no account yet."""

    makes = Joining

    token = Text(200, required=True, metadata={"description": _TOKEN})
    login = Text(254, metadata={"description": "The invited one, which it is without saying."})
    password = fields.String(required=True, validate=validate.Length(min=SHORTEST_OF_MEMBERS, max=LONGEST))
    name = Text(200, required=True)
