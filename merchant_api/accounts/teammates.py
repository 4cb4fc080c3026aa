"""A merchant's team as it is shown: members with name, login and what they may do, and who was invited.

Of the invited nothing is shown but what the inviter typed: neither whether anybody signs in so, nor who it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts import invitations
from merchant_api.accounts.invitation_models import Invitation
from merchant_api.accounts.invitations import MemberState
from merchant_api.accounts.models import Member, MemberRole, Person
from merchant_api.accounts.people import permissions_of
from merchant_api.core.db import session
from merchant_api.core.paging import Page, Window, cut, newest


@dataclass(frozen=True, slots=True)
class Teammate:
    """A member with the name and login of the person, or somebody invited; `id` is the member's or the invitation's."""

    id: UUID
    state: MemberState
    role: MemberRole
    created_at: datetime
    person_id: UUID | None = None
    login: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    granted: Sequence[str] = ()
    withheld: Sequence[str] = ()
    permissions: Sequence[str] = ()
    expires_at: datetime | None = None
    token: str | None = None


def list_members(merchant_id: UUID, at: Window) -> Page[Teammate]:
    """A page of the merchant's members and invitations, newest id first."""
    found = sorted([*_members(merchant_id, at), *_invited(merchant_id, at)], key=lambda one: one.id, reverse=True)
    return cut(found, at, lambda one: (one.id,))


def teammate(member: Member, person: Person) -> Teammate:
    """A member as the team is shown."""
    return Teammate(
        id=person.id,
        state=MemberState.MEMBER,
        role=member.role,
        created_at=member.created_at,
        person_id=person.id,
        name=person.name,
        email=person.email,
        phone=person.phone,
        granted=member.granted,
        withheld=member.withheld,
        permissions=sorted(permissions_of(member)),
    )


def invited_one(row: Invitation, token: str | None = None, state: MemberState = MemberState.INVITED) -> Teammate:
    """An invitation as the team is shown."""
    return Teammate(
        id=row.id,
        state=state,
        role=row.role,
        created_at=row.created_at,
        person_id=row.person_id,
        login=row.login,
        expires_at=row.expires_at,
        token=token,
    )


def _members(merchant_id: UUID, at: Window) -> list[Teammate]:
    rows = newest(select(Member).where(Member.merchant_id == merchant_id), Member.person_id, at)
    members = session().execute(rows).scalars().all()
    ids = [member.person_id for member in members]
    known = {person.id: person for person in session().execute(select(Person).where(Person.id.in_(ids))).scalars()}
    return [teammate(member, known[member.person_id]) for member in members]


def _invited(merchant_id: UUID, at: Window) -> list[Teammate]:
    rows = newest(invitations.asked().where(Invitation.merchant_id == merchant_id), Invitation.id, at)
    return [invited_one(each.row, state=each.state) for each in invitations.read(rows)]
