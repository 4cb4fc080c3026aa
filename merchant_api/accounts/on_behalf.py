"""The person in whose name a command works: an actor of the merchant, as if she had signed in."""

from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts import people
from merchant_api.accounts.errors import UnknownPerson
from merchant_api.accounts.logins import read_login
from merchant_api.accounts.models import Member, Person
from merchant_api.accounts.permissions import of_role
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.errors import Forbidden


def actor_of(merchant_id: UUID, login: str, needs: str) -> Actor:
    """The member of the merchant, or person of the platform's staff, who signs in so and holds the permission.

    Raises BadLogin, UnknownPerson, Forbidden.
    """
    person = people.find_by_login(read_login(login))
    if person is None or person.disabled_at is not None:
        raise UnknownPerson
    role, permissions = _standing(merchant_id, person)
    if needs not in permissions:
        raise Forbidden(f"{person.name} may not do this here: {needs} is missing.", permission=needs)
    return Actor(role, str(person.id), person.name, person.id, merchant_id, is_known=True, permissions=permissions)


def member_of(merchant_id: UUID, person_id: UUID) -> Member | None:
    """The person as a member of the merchant."""
    rows = select(Member).where(Member.merchant_id == merchant_id, Member.person_id == person_id)
    return session().execute(rows).scalar_one_or_none()


def _standing(merchant_id: UUID, person: Person) -> tuple[Role, frozenset[str]]:
    if person.is_staff:
        return Role.STAFF, of_role(Role.STAFF)
    member = member_of(merchant_id, person.id)
    if member is None:
        raise Forbidden(f"{person.name} is neither a member of this merchant nor staff.")
    return Role(member.role), people.permissions_of(member)
