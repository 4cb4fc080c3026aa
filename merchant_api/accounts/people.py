"""People: found by what they sign in with, added, and changed by themselves. Their own rows, keyed by person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from merchant_api.accounts.errors import LoginTaken
from merchant_api.accounts.logins import Login
from merchant_api.accounts.models import Member, MemberRole, Merchant, Person
from merchant_api.accounts.permissions import of_member
from merchant_api.core import clock
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.errors import Forbidden, NotFound
from merchant_api.core.ids import new_id
from merchant_api.core.tenancy import across_merchants


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person before the row; the password is hashed already."""

    name: str
    login: Login
    password_hash: str
    is_staff: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """One merchant that a person works for."""

    merchant_id: UUID
    name: str
    role: MemberRole
    permissions: list[str]


@dataclass(frozen=True, slots=True)
class Me:
    """What a person sees of herself."""

    person: Person
    memberships: list[Membership]

    @property
    def is_staff(self) -> bool:
        """Whether she works for the platform."""
        return self.person.is_staff

    @property
    def works(self) -> bool:
        """Whether she works for the platform or for a merchant: her password is to be a longer one."""
        return self.is_staff or bool(self.memberships)


def add(newcomer: Newcomer) -> Person:
    """Add a person; raises LoginTaken."""
    statement = (
        insert(Person)
        .values(
            id=new_id(),
            name=newcomer.name,
            email=newcomer.login.email,
            phone=newcomer.login.phone,
            password_hash=newcomer.password_hash,
            is_staff=newcomer.is_staff,
            locale=None,
            created_at=clock.now(),
            disabled_at=None,
        )
        .on_conflict_do_nothing()
        .returning(Person)
    )
    person = session().execute(statement).scalar_one_or_none()
    if person is None:
        raise LoginTaken
    return person


def find_by_login(login: Login) -> Person | None:
    """The person who signs in so, disabled or not."""
    statement = select(Person)
    if login.email is not None:
        statement = statement.where(Person.email == login.email)
    else:
        statement = statement.where(Person.phone == login.phone)
    return session().execute(statement).scalar_one_or_none()


def id_of(actor: Actor) -> UUID:
    """The person who acts; raises Forbidden for keys and jobs."""
    if actor.person_id is None:
        raise Forbidden
    return actor.person_id


def me(person_id: UUID) -> Me:
    """The person and the merchants that she works for; raises NotFound."""
    person = session().execute(select(Person).where(Person.id == person_id)).scalar_one_or_none()
    if person is None:
        raise NotFound
    return Me(person, memberships_of(person_id))


def memberships_of(person_id: UUID) -> list[Membership]:
    """The merchants that a person works for: a read over merchants, by its one person."""
    mine = (
        select(Member, Merchant.name)
        .join(Merchant, Merchant.id == Member.merchant_id)
        .where(Member.person_id == person_id)
        .order_by(Member.merchant_id)
    )
    with across_merchants():
        found = session().execute(mine).all()
    return [Membership(member.merchant_id, name, member.role, sorted(permissions_of(member))) for member, name in found]


def works(person_id: UUID) -> bool:
    """As `Me.works`; raises NotFound."""
    return me(person_id).works


def permissions_of(member: Member) -> frozenset[str]:
    """What a member may do at her merchant."""
    return of_member(Role(member.role), member.granted, member.withheld)


def change(person_id: UUID, given: Mapping[str, Any]) -> Me:
    """Set the given ones of name and locale."""
    if given:
        session().execute(update(Person).where(Person.id == person_id).values(**given))
    return me(person_id)
