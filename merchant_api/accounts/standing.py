"""Who may come in at all: people are disabled, enabled and given a new password by who can reach the installation.

The end of every sign-in is at once: the next request with a token of hers is nobody's, and no device of hers is rung.
While she is disabled the keys that are bound to her rest as well (`accounts/key_rights.py`).
"""

from dataclasses import dataclass

from merchant_api.accounts import attempts, password_rules, passwords, people, sign_in
from merchant_api.accounts.errors import UnknownPerson
from merchant_api.accounts.lock import lock_person
from merchant_api.accounts.logins import read_login
from merchant_api.accounts.models import Person
from merchant_api.accounts.replace_password import replace
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.log import log

_log = log(__name__)


@dataclass(frozen=True, slots=True)
class Ended:
    """A person, and how many sign-ins of hers were ended."""

    person: Person
    sign_ins: int


@dataclass(frozen=True, slots=True)
class PasswordFor:
    """Whom a new password is for; `is_member` is also of staff."""

    login: str
    name: str
    is_member: bool


def find(login: str) -> Person:
    """The person who signs in so, disabled or not; raises BadLogin, UnknownPerson."""
    person = people.find_by_login(read_login(login))
    if person is None:
        raise UnknownPerson
    return person


def disable(login: str) -> Ended:
    """End all sign-ins of a person and let her begin none; a second time changes nothing. Raises as `find`."""
    person = lock_person(find(login).id)
    if person.disabled_at is None:
        person.disabled_at = clock.now()
        session().flush()
        _log.info("person.disabled", person=str(person.id))
    return Ended(person, sign_in.end_all(person.id))


def enable(login: str) -> Person:
    """Let a person sign in again; what was ended stays so. Raises as `find`."""
    person = lock_person(find(login).id)
    if person.disabled_at is not None:
        person.disabled_at = None
        session().flush()
        _log.info("person.enabled", person=str(person.id))
    return person


def whose(login: str) -> PasswordFor:
    """For whom a password shall be; raises as `find`."""
    person = find(login)
    return PasswordFor(str(read_login(login)), person.name, people.works(person.id))


def fresh_hash(whose: PasswordFor, password: str) -> str:
    """The hash of a new password that holds the rules, made where no lock is held; raises as `password_rules.check`."""
    password_rules.check(password, whose.login, whose.name, is_member=whose.is_member)
    return passwords.hash_password(password)


def reset(login: str, password_hash: str) -> Ended:
    """Replace a person's password, end all her sign-ins, and let her try anew.

    Raises as `find`, and PasswordTooShort.
    """
    person = lock_person(find(login).id)
    replace(person, password_hash)
    for each in (person.email, person.phone):
        if each is not None:
            attempts.forgive_all(each)
    _log.info("password.reset", person=str(person.id))
    return Ended(person, sign_in.end_all(person.id))
