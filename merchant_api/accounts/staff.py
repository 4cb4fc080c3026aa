"""Staff of the platform: added by the command line only, never through the API."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts import password_rules, passwords, people
from merchant_api.accounts.logins import read_login
from merchant_api.accounts.models import Person
from merchant_api.accounts.people import Newcomer
from merchant_api.core.db import session


def ids() -> Sequence[UUID]:
    """Everybody on it."""
    return session().execute(select(Person.id).where(Person.is_staff)).scalars().all()


def add_staff(login: str, name: str, password: str) -> Person:
    """Add a person of the platform's staff, in the caller's transaction; raises what reading a login and checking a
    password do, and LoginTaken."""
    read = read_login(login)
    password_rules.check(password, str(read), name, is_member=True)
    return people.add(Newcomer(name, read, passwords.hash_password(password), is_staff=True))
