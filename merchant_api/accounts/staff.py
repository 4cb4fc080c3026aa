"""Staff of the platform: added by the command line only, never through the API."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts import passwords, people
from merchant_api.accounts.logins import read_login
from merchant_api.accounts.models import Person
from merchant_api.accounts.people import Newcomer
from merchant_api.core.db import session


def ids() -> Sequence[UUID]:
    """Everybody on it."""
    return session().execute(select(Person.id).where(Person.is_staff)).scalars().all()


def add_staff(login: str, name: str, password: str) -> Person:
    """Add a person of the platform's staff, in the caller's transaction; raises BadLogin, WeakPassword, LoginTaken."""
    read = read_login(login)
    passwords.check_length(password)
    passwords.check_strength(password, str(read))
    return people.add(Newcomer(name, read, passwords.hash_password(password), is_staff=True))
