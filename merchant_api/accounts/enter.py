"""Logging in and registering: count the attempt, look at the password with no transaction open, then begin a sign-in.

The attempt stays counted although the request is refused, and nobody holds a connection while passwords are hashed:
hence two transactions, as for every endpoint that declares `opens_own`.
"""

from dataclasses import dataclass
from uuid import UUID

from merchant_api.accounts import attempts, networks, password_rules, passwords, people, sign_in
from merchant_api.accounts.errors import WrongLogin
from merchant_api.accounts.lock import lock_password
from merchant_api.accounts.logins import Login, read_login
from merchant_api.accounts.models import Person
from merchant_api.accounts.people import Newcomer
from merchant_api.accounts.sign_in import Tokens
from merchant_api.core.db import in_transaction
from merchant_api.core.log import log

_log = log(__name__)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person types to log in."""

    login: str
    password: str


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What a customer types to register."""

    login: str
    password: str
    name: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """A new person and the first tokens."""

    person: Person
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class _Candidate:
    attempt_id: UUID
    person_id: UUID | None
    password_hash: str | None


def log_in(given: Credentials, address: str) -> Tokens:
    """Begin a sign-in; raises BadLogin, TooManyAttempts, WrongLogin (also for who is unknown or disabled)."""
    login = read_login(given.login)
    candidate = in_transaction(lambda: _admit(login, address))
    is_right = passwords.is_right(given.password, candidate.password_hash)
    if not is_right:
        _log.info("sign_in.refused", person=str(candidate.person_id))
        raise WrongLogin
    return in_transaction(lambda: _begin(candidate, login, address))


def register(given: NewPerson, address: str) -> Welcome:
    """Add a customer and begin a sign-in; raises TooManyAttempts, LoginTaken, and what refuses a login or password."""
    login = read_login(given.login)
    password_rules.check(given.password, str(login), given.name)
    # Counted as an attempt of the address until it succeeds: trying which logins are taken is guessing, too.
    attempt_id = in_transaction(lambda: attempts.admit(None, address))
    newcomer = Newcomer(given.name, login, passwords.hash_password(given.password))
    return in_transaction(lambda: _welcome(attempt_id, newcomer, address))


def _admit(login: Login, address: str) -> _Candidate:
    attempt_id = attempts.admit(str(login), address)
    person = people.find_by_login(login)
    if person is None or person.disabled_at is not None:
        return _Candidate(attempt_id, None, None)
    return _Candidate(attempt_id, person.id, person.password_hash)


def _begin(right: _Candidate, login: Login, address: str) -> Tokens:
    # While the password was looked at, it may have been changed, or its owner disabled.
    person_id = right.person_id
    if person_id is None or not lock_password(person_id, right.password_hash):
        raise WrongLogin
    attempts.forgive(right.attempt_id, str(login))
    networks.remember(str(login), address)
    return sign_in.begin(person_id)


def _welcome(attempt_id: UUID, newcomer: Newcomer, address: str) -> Welcome:
    person = people.add(newcomer)
    attempts.forgive(attempt_id, None)
    networks.remember(str(newcomer.login), address)
    return Welcome(person, sign_in.begin(person.id))
