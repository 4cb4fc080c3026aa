"""Who works for a merchant: owners and clerks, and what single members may do beyond their role or short of it.

At least one owner who may change members stays, whoever changes whom at the same time; and nobody gives or takes away
what she may not do herself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.accounts import people
from merchant_api.accounts.errors import AboveYou, AlreadyMember, LastOwner, UnknownPermission, UnknownPerson
from merchant_api.accounts.lock import lock_members
from merchant_api.accounts.logins import read_login
from merchant_api.accounts.models import Member, MemberRole, Person
from merchant_api.accounts.people import permissions_of
from merchant_api.accounts.permissions import OWNING, of_role
from merchant_api.accounts.teammates import Teammate, teammate
from merchant_api.core import clock
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.log import log

_log = log(__name__)


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who shall be what; one of login and person_id is set."""

    role: MemberRole
    login: str | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """What shall be different of a member; None is left as it is. What is withheld is not held, granted or not."""

    role: MemberRole | None = None
    granted: Sequence[str] | None = None
    withheld: Sequence[str] | None = None


def invite(merchant_id: UUID, invitation: Invitation, actor: Actor) -> Teammate:
    """Make a person a member; raises BadLogin, UnknownPerson, AlreadyMember, AboveYou."""
    _check_reach(of_role(Role(invitation.role)), actor)
    person = _person(invitation)
    member = add_member(merchant_id, person.id, invitation.role)
    _log.info("member.added", merchant=str(merchant_id), person=str(person.id), role=member.role, by=actor.id)
    return teammate(member, person)


def add_member(merchant_id: UUID, person_id: UUID, role: MemberRole) -> Member:
    """Add the row; the person is known to exist. Raises AlreadyMember, TooShortToJoin."""
    statement = (
        insert(Member)
        .values(
            merchant_id=merchant_id, person_id=person_id, role=role, granted=[], withheld=[], created_at=clock.now()
        )
        .on_conflict_do_nothing()
        .returning(Member)
    )
    member = session().execute(statement).scalar_one_or_none()
    if member is None:
        raise AlreadyMember
    people.check_joins(person_id)
    return member


def change(merchant_id: UUID, person_id: UUID, changes: MemberChanges, actor: Actor) -> Teammate:
    """Change a member from the next request on; raises NotFound, UnknownPermission, AboveYou, LastOwner."""
    _check_known(changes)
    members = {member.person_id: member for member in lock_members(merchant_id)}
    member = members.get(person_id)
    if member is None:
        raise NotFound
    before = permissions_of(member)
    member.role = changes.role or member.role
    if changes.granted is not None:
        member.granted = sorted(set(changes.granted))
    if changes.withheld is not None:
        member.withheld = sorted(set(changes.withheld))
    _check_reach(before ^ permissions_of(member), actor)
    _check_owned(members.values())
    session().flush()
    _log.info("member.changed", merchant=str(merchant_id), person=str(person_id), by=actor.id)
    return teammate(member, session().execute(select(Person).where(Person.id == person_id)).scalar_one())


def _check_known(changes: MemberChanges) -> None:
    given = {"granted": changes.granted or (), "withheld": changes.withheld or ()}
    errors = {
        field: [f"There is no permission {word}." for word in sorted(set(words) - OWNING)]
        for field, words in given.items()
        if set(words) - OWNING
    }
    if errors:
        raise UnknownPermission(errors=errors)


def _check_reach(touched: Iterable[str], actor: Actor) -> None:
    beyond = sorted(set(touched) - actor.permissions)
    if beyond:
        raise AboveYou(permissions=beyond)


def _check_owned(members: Iterable[Member]) -> None:
    if not any(member.role is MemberRole.OWNER and "members.edit" in permissions_of(member) for member in members):
        raise LastOwner


def remove(merchant_id: UUID, person_id: UUID, actor: Actor) -> None:
    """End a membership from the next request on; raises NotFound, AboveYou, LastOwner."""
    members = {member.person_id: member for member in lock_members(merchant_id)}
    member = members.pop(person_id, None)
    if member is None:
        raise NotFound
    _check_reach(permissions_of(member), actor)
    if member.role is MemberRole.OWNER:
        _check_owned(members.values())
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
