"""Invitations to work for a merchant, with the token that the inviter got."""

from merchant_api.accounts import invitations, tokens
from merchant_api.accounts.invitation_models import Invitation
from merchant_api.accounts.models import MemberRole, Merchant, Person
from merchant_api.core import clock
from merchant_api.core.ids import new_id
from tests.make.people import make_member, saved


def make_invitation(
    merchant: Merchant, to: str | Person, role: MemberRole = MemberRole.CLERK, by: Person | None = None
) -> tuple[Invitation, str]:
    """An invitation to a login, or to a customer of the merchant, by an owner; and its token."""
    inviter = by or make_member(merchant, name="Inviter")
    text = tokens.InvitationText(merchant.id, new_id(), tokens.new_secret())
    instant = clock.now()
    row = Invitation(
        merchant_id=merchant.id,
        id=text.invitation_id,
        login=to if isinstance(to, str) else None,
        person_id=None if isinstance(to, str) else to.id,
        role=role,
        token_hash=tokens.sha256(text.secret),
        invited_by=inviter.id,
        created_at=instant,
        expires_at=instant + invitations.LIVES,
    )
    return saved(row), str(text)
