"""Replacing a person's password, and whether hers lets her be a member: decided one after the other, by her row.

Who becomes a member at the moment in which she takes a short password is refused one of the two.
"""

from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts import passwords, people
from merchant_api.accounts.errors import PasswordTooShort, TooShortToJoin
from merchant_api.accounts.models import Person
from merchant_api.core.db import session


def replace(person: Person, fresh: str) -> None:
    """Set the hash of a person who is locked; raises PasswordTooShort for who has become a member meanwhile."""
    if passwords.is_of_short(fresh) and people.works(person.id):
        raise PasswordTooShort(errors={"password": [PasswordTooShort().detail]})
    person.password_hash = fresh
    session().flush()


def check_joins(person_id: UUID) -> None:
    """Refuse who is known to have a password too short for members; until the end of the transaction it stays.

    Raises TooShortToJoin.
    """
    kept = select(Person.password_hash).where(Person.id == person_id).with_for_update(read=True)
    if passwords.is_of_short(session().execute(kept).scalar_one()):
        raise TooShortToJoin
