"""Passwords: Argon2id at OWASP's first choice (19 MiB, two passes), at most two at once in a process.

An unknown login takes as long as a known one. Hash and verify where no lock is held: each takes tens of milliseconds.
"""

import base64
import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from merchant_api.accounts.errors import WeakPassword
from merchant_api.core.errors import Invalid, Unavailable

SHORTEST, LONGEST = 8, 200
AT_ONCE = 2
WAIT_S = 10.0

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turns = threading.BoundedSemaphore(AT_ONCE)
_COMMON = frozenset(
    {
        "password",
        "passw0rd",
        "password1",
        "password12",
        "password123",
        "12345678",
        "123456789",
        "1234567890",
        "123123123",
        "87654321",
        "qwertyui",
        "qwertyuiop",
        "qwerty123",
        "1q2w3e4r",
        "1qaz2wsx",
        "asdfghjkl",
        "iloveyou",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "trustno1",
        "welcome1",
        "letmein1",
        "changeme",
        "abcd1234",
        "abc12345",
        "admin123",
        "administrator",
    }
)


def check_length(password: str) -> None:
    """Refuse below 8 and above 200 characters; raises Invalid. Requests are checked by their schema."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has {SHORTEST} to {LONGEST} characters.", errors={"password": ["Wrong length."]})


def check_strength(password: str, login: str) -> None:
    """Refuse what would be guessed first, the login itself included; raises WeakPassword."""
    told = password.casefold()
    if told in _COMMON or told == login.casefold() or len(set(told)) == 1:
        raise WeakPassword(errors={"password": [WeakPassword().detail]})


def hash_password(password: str) -> str:
    """The hash to keep; raises Unavailable when too many wait for their turn."""
    with _turn():
        return _HASHER.hash(_spelled(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether the password belongs to the hash; None, for nobody, costs the same time and is never right."""
    with _turn():
        try:
            return _HASHER.verify(kept or _NOBODYS, _spelled(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_same(one: str, other: str) -> bool:
    """Whether two texts are one password, however they were typed."""
    return _spelled(one) == _spelled(other)


def _spelled(password: str) -> str:
    # The same letters typed on another keyboard may arrive composed otherwise (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=WAIT_S):
        raise Unavailable("Too many people sign in at this moment.", retry_after=2)
    try:
        yield
    finally:
        _turns.release()


def _random_hash() -> str:
    salt, digest = (base64.b64encode(os.urandom(size)).rstrip(b"=").decode() for size in (16, 32))
    return f"$argon2id$v=19$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}${salt}${digest}"


_NOBODYS = _random_hash()
