"""Passwords: Argon2id at OWASP's first choice (19 MiB, two passes), hashed by a few threads of their own.

A hash takes a core for tens of milliseconds, and nobody has to be signed in to ask for one: so a process makes few at a
time, on threads that give way to all others, and who waits longer than a second is sent away. An unknown login takes as
long as a known one. Hash and verify where no transaction is open.
"""

import base64
import os
import sys
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from merchant_api.accounts.errors import HashingBusy
from merchant_api.accounts.password_rules import is_short

T = TypeVar("T")
WAIT_S = 1.0
RETRY_AFTER_S = 2
GIVES_WAY = 10  # of the 19 steps by which a thread can be nicer than others

# The salt of a short password is a byte longer: the hash itself tells which it was of, and can't disagree with that.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, salt_len=16)
_OF_SHORT = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, salt_len=17)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share(workers: int, threads: int) -> int:
    """How many a process hashes at once: with its siblings half of the cores, and half of its own threads at most."""
    return max(1, min(threads // 2, cores() // (2 * workers)))


def allow(most: int) -> None:
    """Let this process hash so many at once from now on."""
    global _lane, _at_once
    before, _lane, _at_once = _lane, _new_lane(most), most
    before.shutdown(wait=False)


def at_once() -> int:
    """How many this process hashes at once."""
    return _at_once


def hash_password(password: str) -> str:
    """The hash to keep; raises HashingBusy when too many wait for their turn."""
    hasher = _OF_SHORT if is_short(password) else _HASHER
    return _in_turn(lambda: hasher.hash(_spelled(password)))


def is_right(password: str, kept: str | None) -> bool:
    """Whether the password belongs to the hash; None, for nobody, costs the same time and is never right."""

    def verify() -> bool:
        try:
            return _HASHER.verify(kept or _NOBODYS, _spelled(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    return _in_turn(verify)


def is_of_short(kept: str) -> bool:
    """Whether a hash is known to be one of a short password; those that are older than this rule tell nothing."""
    try:
        return extract_parameters(kept).salt_len == _OF_SHORT.salt_len
    except InvalidHashError:
        return False


def _spelled(password: str) -> str:
    # The same letters typed on another keyboard may arrive composed otherwise (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password)


def _in_turn(work: Callable[[], T]) -> T:
    asked = _lane.submit(work)
    try:
        return asked.result(WAIT_S)
    except TimeoutError:
        if asked.cancel():
            raise HashingBusy(retry_after=RETRY_AFTER_S) from None
    return asked.result()  # its turn had come


def _new_lane(most: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(most, thread_name_prefix="hashing", initializer=_give_way)


def _give_way() -> None:
    if sys.platform == "linux":  # elsewhere the whole process would
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)


def _random_hash() -> str:
    salt, digest = (base64.b64encode(os.urandom(size)).rstrip(b"=").decode() for size in (16, 32))
    return f"$argon2id$v=19$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}${salt}${digest}"


_at_once = max(1, cores() // 2)
_lane = _new_lane(_at_once)
_NOBODYS = _random_hash()
