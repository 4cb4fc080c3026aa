"""A merchant's members as they are shown: with name, login and what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.models import Member, MemberRole, Person
from merchant_api.accounts.people import permissions_of
from merchant_api.core.db import session
from merchant_api.core.paging import Page, Window, newest_first


@dataclass(frozen=True, slots=True)
class Teammate:
    """A member with the name and login of the person."""

    person_id: UUID
    name: str
    email: str | None
    phone: str | None
    role: MemberRole
    granted: Sequence[str]
    withheld: Sequence[str]
    permissions: Sequence[str]
    created_at: datetime


def list_members(merchant_id: UUID, at: Window) -> Page[Teammate]:
    """A page of the merchant's members, by person, newest person first."""
    page = newest_first(select(Member).where(Member.merchant_id == merchant_id), Member.person_id, at)
    ids = [member.person_id for member in page.items]
    known = {person.id: person for person in session().execute(select(Person).where(Person.id.in_(ids))).scalars()}
    return Page([teammate(member, known[member.person_id]) for member in page.items], page.next)


def teammate(member: Member, person: Person) -> Teammate:
    """A member as the team is shown."""
    return Teammate(
        person_id=person.id,
        name=person.name,
        email=person.email,
        phone=person.phone,
        role=member.role,
        granted=member.granted,
        withheld=member.withheld,
        permissions=sorted(permissions_of(member)),
        created_at=member.created_at,
    )
