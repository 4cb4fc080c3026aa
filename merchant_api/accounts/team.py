"""Who works for a merchant: owners and clerks. At least one owner stays, whoever removes whom at the same time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.accounts import people
from merchant_api.accounts.errors import AlreadyMember, LastOwner, UnknownPerson
from merchant_api.accounts.lock import lock_members
from merchant_api.accounts.logins import read_login
from merchant_api.accounts.models import Member, MemberRole, Person
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.log import log
from merchant_api.core.paging import Page, Window, newest_first

_log = log(__name__)


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who shall be what; one of login and person_id is set."""

    role: MemberRole
    login: str | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Teammate:
    """A member with the name and login of the person."""

    person_id: UUID
    name: str
    email: str | None
    phone: str | None
    role: MemberRole
    created_at: datetime


def list_members(merchant_id: UUID, at: Window) -> Page[Teammate]:
    """A page of the merchant's members, by person, newest person first."""
    page = newest_first(select(Member).where(Member.merchant_id == merchant_id), Member.person_id, at)
    ids = [member.person_id for member in page.items]
    known = {person.id: person for person in session().execute(select(Person).where(Person.id.in_(ids))).scalars()}
    return Page([_teammate(member, known[member.person_id]) for member in page.items], page.next)


def invite(merchant_id: UUID, invitation: Invitation, actor: Actor) -> Teammate:
    """Make a person a member; raises BadLogin, UnknownPerson, AlreadyMember."""
    person = _person(invitation)
    member = add_member(merchant_id, person.id, invitation.role)
    _log.info("member.added", merchant=str(merchant_id), person=str(person.id), role=member.role, by=actor.id)
    return _teammate(member, person)


def add_member(merchant_id: UUID, person_id: UUID, role: MemberRole) -> Member:
    """Add the row; the person is known to exist. Raises AlreadyMember."""
    statement = (
        insert(Member)
        .values(merchant_id=merchant_id, person_id=person_id, role=role, created_at=clock.now())
        .on_conflict_do_nothing()
        .returning(Member)
    )
    member = session().execute(statement).scalar_one_or_none()
    if member is None:
        raise AlreadyMember
    return member


def remove(merchant_id: UUID, person_id: UUID, actor: Actor) -> None:
    """End a membership from the next request on; raises NotFound, LastOwner."""
    roles = {member.person_id: member.role for member in lock_members(merchant_id)}
    role = roles.pop(person_id, None)
    if role is None:
        raise NotFound
    if role is MemberRole.OWNER and MemberRole.OWNER not in roles.values():
        raise LastOwner
    session().execute(delete(Member).where(Member.merchant_id == merchant_id, Member.person_id == person_id))
    _log.info("member.removed", merchant=str(merchant_id), person=str(person_id), by=actor.id)


def _person(invitation: Invitation) -> Person:
    if invitation.login is not None:
        person = people.find_by_login(read_login(invitation.login))
    else:
        person = session().execute(select(Person).where(Person.id == invitation.person_id)).scalar_one_or_none()
    if person is None or person.disabled_at is not None:
        raise UnknownPerson
    return person


def _teammate(member: Member, person: Person) -> Teammate:
    return Teammate(person.id, person.name, person.email, person.phone, member.role, member.created_at)
