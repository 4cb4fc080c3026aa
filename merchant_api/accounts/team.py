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
from merchant_api.accounts.errors import AlreadyMember, LastOwner, UnknownPermission, UnknownPerson
from merchant_api.accounts.lock import lock_members
from merchant_api.accounts.logins import read_login
from merchant_api.accounts.models import Member, MemberRole, Person
from merchant_api.accounts.people import permissions_of
from merchant_api.accounts.permissions import OWNING
from merchant_api.accounts.reach import check_reach
from merchant_api.accounts.replace_password import check_joins
from merchant_api.accounts.teammates import Teammate, teammate
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.log import log

_log = log(__name__)


@dataclass(frozen=True, slots=True)
class NewMember:
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


def add(merchant_id: UUID, wanted: NewMember, actor: Actor) -> tuple[Person, Teammate]:
    """Make a person a member at once; raises BadLogin, UnknownPerson, AlreadyMember."""
    person = _person(wanted)
    member = add_member(merchant_id, person.id, wanted.role)
    _log.info("member.added", merchant=str(merchant_id), person=str(person.id), role=member.role, by=actor.id)
    return person, teammate(member, person)


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
    check_joins(person_id)
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
    check_reach(before ^ permissions_of(member), actor)
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


def _check_owned(members: Iterable[Member]) -> None:
    if not any(member.role is MemberRole.OWNER and "members.edit" in permissions_of(member) for member in members):
        raise LastOwner


def remove(merchant_id: UUID, person_id: UUID, actor: Actor) -> frozenset[str]:
    """End a membership from the next request on; gives what it allowed. Raises NotFound, AboveYou, LastOwner."""
    members = {member.person_id: member for member in lock_members(merchant_id)}
    member = members.pop(person_id, None)
    if member is None:
        raise NotFound
    held = permissions_of(member)
    check_reach(held, actor)
    if member.role is MemberRole.OWNER:
        _check_owned(members.values())
    session().execute(delete(Member).where(Member.merchant_id == merchant_id, Member.person_id == person_id))
    _log.info("member.removed", merchant=str(merchant_id), person=str(person_id), by=actor.id)
    return held


def _person(wanted: NewMember) -> Person:
    if wanted.login is not None:
        person = people.find_by_login(read_login(wanted.login))
    else:
        person = session().execute(select(Person).where(Person.id == wanted.person_id)).scalar_one_or_none()
    if person is None or person.disabled_at is not None:
        raise UnknownPerson
    return person
