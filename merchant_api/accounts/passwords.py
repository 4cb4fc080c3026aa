"""Passwords: Argon2id at OWASP's first choice (19 MiB, two passes), hashed by a few threads of their own.

A hash takes a core for tens of milliseconds, and nobody has to be signed in to ask for one: so a process makes few at a
time, leaving three quarters of the cores to all others (half of them left others 1.8 times as slow on two cores, this
1.4), and who waits longer than a second is sent away. An unknown login takes as long as a known one. Hash and verify
where no transaction is open.
"""

import base64
import os
import threading
import time
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

# The salt of a short password is a byte longer: the hash itself tells which it was of, and can't disagree with that.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, salt_len=16)
_OF_SHORT = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, salt_len=17)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share(workers: int, threads: int) -> int:
    """How many a process hashes at once: with its siblings a quarter of the cores, and half of its threads at most."""
    return max(1, min(threads // 2, cores() // (4 * workers)))


def allow(workers: int, threads: int) -> None:
    """Let this process hash its share from now on; where that is less than one core, it rests between two."""
    global _lane, _at_once, _rest
    most = share(workers, threads)
    _lane, _at_once = _new_lane(most), most
    _rest = max(0.0, 4 * workers * most / cores() - 1)


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


def is_same(one: str, other: str) -> bool:
    """Whether two texts are one password, however they were typed."""
    return _spelled(one) == _spelled(other)


def _spelled(password: str) -> str:
    # The same letters typed on another keyboard may arrive composed otherwise (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password)


def _in_turn(work: Callable[[], T]) -> T:
    asked = _lane.submit(_in_measure, work)
    try:
        return asked.result(WAIT_S)
    except TimeoutError:
        if asked.cancel():
            raise HashingBusy(retry_after=RETRY_AFTER_S) from None
    return asked.result()  # its turn had come


def _in_measure(work: Callable[[], T]) -> T:
    # A share below one core is kept by resting: nothing happens that could be waited for.
    time.sleep(max(0.0, getattr(_mine, "rests_until", 0.0) - time.monotonic()))
    began = time.thread_time()
    try:
        return work()
    finally:
        _mine.rests_until = time.monotonic() + (time.thread_time() - began) * _rest


def _new_lane(most: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(most, thread_name_prefix="hashing")


def _random_hash() -> str:
    salt, digest = (base64.b64encode(os.urandom(size)).rstrip(b"=").decode() for size in (16, 32))
    return f"$argon2id$v=19$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}${salt}${digest}"


_at_once = max(1, cores() // 4)
_rest = 0.0  # as a multiple of the time that a hash took
_mine = threading.local()
_lane = _new_lane(_at_once)
_NOBODYS = _random_hash()
