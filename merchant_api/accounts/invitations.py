"""Invitations as they stand: to whom they go, how long they hold, and who need not show the token.

An invitation holds for 14 days, and as long as who made it could make it now. Logins are not verified: an account that
is younger than the invitation may be anybody's, so it shows the token, which the inviter got and hands on himself.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from merchant_api.accounts import tokens
from merchant_api.accounts.invitation_errors import InvitationExpired, InvitationVoid
from merchant_api.accounts.invitation_models import Invitation
from merchant_api.accounts.models import Member, Merchant, Person
from merchant_api.accounts.people import permissions_of
from merchant_api.accounts.permissions import of_role
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.paging import Page, Window, cut, newest
from merchant_api.core.tenancy import across_merchants

LIVES = timedelta(days=14)


class MemberState(StrEnum):
    """How somebody stands to a merchant's team; `void`: who invited may not do so any more."""

    MEMBER = "member"
    INVITED = "invited"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation, and who made it as the member that he is now."""

    row: Invitation
    inviter: Member | None

    @property
    def state(self) -> MemberState:
        """Whether it can be accepted at this moment, or why not."""
        if self.row.expires_at <= clock.now():
            return MemberState.EXPIRED
        needed = of_role(Role(self.row.role)) | {"members.edit"}
        able = self.inviter is not None and needed <= permissions_of(self.inviter)
        return MemberState.INVITED if able else MemberState.VOID

    def check(self) -> None:
        """Refuse one that can't be accepted any more; raises InvitationExpired, InvitationVoid."""
        if self.state is MemberState.EXPIRED:
            raise InvitationExpired
        if self.state is MemberState.VOID:
            raise InvitationVoid

    def needs_token(self, person: Person) -> bool:
        """Whether this person's account is younger than the invitation."""
        return person.created_at > self.row.created_at

    def is_shown_by(self, token: str) -> bool:
        """Whether the text is the token that was given out for it last."""
        text = tokens.invitation_of(token)
        if text is None or (text.merchant_id, text.invitation_id) != (self.row.merchant_id, self.row.id):
            return False
        return hmac.compare_digest(self.row.token_hash, tokens.sha256(text.secret))


@dataclass(frozen=True, slots=True)
class MyInvitation:
    """What somebody who was invited sees of it."""

    invited: Invited
    name: str
    needs_token: bool


def asked() -> Select[Invitation, Member]:
    """Invitations with who made them: none where he is no member any more, or disabled."""
    is_disabled = exists().where(Person.id == Member.person_id, Person.disabled_at.is_not(None))
    is_maker = and_(Member.merchant_id == Invitation.merchant_id, Member.person_id == Invitation.invited_by)
    return select(Invitation, Member).select_from(Invitation).outerjoin(Member, and_(is_maker, ~is_disabled))


def read(statement: Select[Invitation, Member]) -> Sequence[Invited]:
    """The invitations that `asked`, narrowed down, finds."""
    return [Invited(row, inviter) for row, inviter in session().execute(statement).all()]


def locked(statement: Select[Invitation, Member]) -> Sequence[Invited]:
    """As before, locked and as they are now. Members are locked first, where both are."""
    return read(statement.with_for_update(of=Invitation).execution_options(populate_existing=True))


def is_to(person: Person) -> ColumnElement[bool]:
    """Whether an invitation goes to this person, by a login or by the customer's id."""
    logins = [login for login in (person.email, person.phone) if login is not None]
    return or_(Invitation.person_id == person.id, Invitation.login.in_(logins))


def of_person(person: Person, at: Window) -> Page[MyInvitation]:
    """A page of the invitations that a person can accept, newest first: a read over merchants, by its one person."""
    mine = asked().add_columns(Merchant.name).join(Merchant, Merchant.id == Invitation.merchant_id)
    mine = mine.where(is_to(person), Invitation.expires_at > clock.now())
    with across_merchants():
        found = session().execute(newest(mine, Invitation.id, at)).all()
    page = cut(found, at, lambda row: (row[0].id,))
    shown = [(Invited(row, inviter), name) for row, inviter, name in page.items]
    return Page(
        [
            MyInvitation(each, name, each.needs_token(person))
            for each, name in shown
            if each.state is MemberState.INVITED
        ],
        page.next,
    )
