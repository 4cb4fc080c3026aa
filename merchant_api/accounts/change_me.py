"""What a person changes of herself. A new password needs the current one, and ends every other sign-in of hers.

The current one is looked at as at logging in (`accounts/enter.py`): the try is counted before, it stays counted when
it was wrong, and passwords are hashed while no transaction is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from merchant_api.accounts import attempts, password_rules, passwords, people, sign_in
from merchant_api.accounts.errors import SamePassword, WrongPassword
from merchant_api.accounts.lock import lock_person
from merchant_api.accounts.people import Me
from merchant_api.accounts.replace_password import replace
from merchant_api.core.db import in_transaction
from merchant_api.core.errors import Unauthenticated
from merchant_api.core.log import log

_log = log(__name__)


@dataclass(frozen=True, slots=True)
class ChangedMe(Me):
    """Herself after a change, and how many other sign-ins it ended."""

    ended_sign_ins: int = 0


@dataclass(frozen=True, slots=True)
class _Held:
    login: str
    password_hash: str
    name: str
    is_member: bool


def change(person_id: UUID, given: Mapping[str, Any], access: str, address: str) -> ChangedMe:
    """Set what is given of name, locale and password; all of it, or nothing.

    Raises WeakPassword, PasswordTooShort, TooManyAttempts, WrongPassword, SamePassword, Unauthenticated.
    """
    plain = {name: value for name, value in given.items() if name in ("name", "locale")}
    if "password" not in given:
        return in_transaction(lambda: _changed(person_id, plain))
    held = in_transaction(lambda: _held(person_id))
    _check_new(given["password"], given["current_password"], held)
    attempt_id = in_transaction(lambda: attempts.admit(held.login, address))
    if not passwords.is_right(given["current_password"], held.password_hash):
        _log.info("password.refused", person=str(person_id))
        raise WrongPassword
    fresh = passwords.hash_password(given["password"])

    def settle() -> ChangedMe:
        ended = _replace(person_id, held, fresh, access)
        attempts.forgive(attempt_id, held.login)
        return _changed(person_id, plain, ended)

    return in_transaction(settle)


def _held(person_id: UUID) -> _Held:
    seen = people.me(person_id)
    person = seen.person
    return _Held(person.email or person.phone or "", person.password_hash, person.name, seen.works)


def _check_new(password: str, current: str, held: _Held) -> None:
    password_rules.check(password, held.login, held.name, is_member=held.is_member)
    if passwords.is_same(password, current):  # right or not, which is not told here
        raise SamePassword(errors={"password": [SamePassword().detail]})


def _replace(person_id: UUID, held: _Held, fresh: str, access: str) -> int:
    person = lock_person(person_id)
    mine = sign_in.of_access(access)
    if mine not in [each.id for each in sign_in.living_of(person_id)]:
        raise Unauthenticated
    if person.password_hash != held.password_hash:
        raise WrongPassword
    replace(person, fresh)
    _log.info("password.changed", person=str(person_id))
    return sign_in.end_others(person_id, mine)


def _changed(person_id: UUID, plain: Mapping[str, Any], ended: int = 0) -> ChangedMe:
    now = people.change(person_id, plain)
    return ChangedMe(now.person, now.memberships, ended)
