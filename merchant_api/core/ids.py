"""Ids: UUIDv7 (RFC 9562), made here from the one clock, so that the order of ids follows the database's time.

The published packages read the machine's own clock, which may be an hour off (see docs/decisions/0002).
"""

import secrets
import threading
from datetime import datetime
from uuid import UUID

from merchant_api.core import clock

_lock = threading.Lock()
_last = 0
_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_id(after: UUID | None = None) -> UUID:
    """A UUIDv7 that is larger than every one this process made before, and than `after`, whoever made that one."""
    global _last
    milliseconds = int(clock.now().timestamp() * 1000)
    before = 0 if after is None else _value(after)
    with _lock:
        # 74 free bits below the instant: random, or one more than the last within the same millisecond.
        value = max((milliseconds << 74) | secrets.randbits(73), _last + 1, before + 1)
        _last = value
    return _id(value)


def _id(value: int) -> UUID:
    instant, high, low = value >> 74, (value >> 62) & 0xFFF, value & ((1 << 62) - 1)
    return UUID(int=(instant << 80) | _VERSION | (high << 64) | _VARIANT | low)


def _value(made: UUID) -> int:
    return (made.int >> 80) << 74 | (made.int >> 64 & 0xFFF) << 62 | made.int & ((1 << 62) - 1)


def new_block() -> str:
    """The first 24 hexadecimal digits of 2**32 ids in a row, for rows that one statement makes: it adds the last 8.

    All are larger than every id that this process made before, and smaller than those it makes later.
    """
    global _last
    milliseconds = int(clock.now().timestamp() * 1000)
    with _lock:
        value = ((max((milliseconds << 74) | secrets.randbits(73), _last + 1) >> 32) + 1) << 32
        _last = value | 0xFFFFFFFF
    return _id(value).hex[:24]


def first_of_many() -> UUID:
    """An id after which 2**32 are free for rows that shall sort as if they had been made together with it."""
    return UUID(new_block() + 8 * "0")


def family(made: UUID) -> int:
    """What the ids of rows that count as made together have in common."""
    return made.int >> 32


def following(made: UUID) -> UUID:
    """The next id of the same family; any other one where it was not made to have others after it."""
    is_first_of_many = made.int & 0xFFFFFFFF < 2**16
    return UUID(int=made.int + 1 if is_first_of_many else family(made) << 32 | secrets.randbits(32))


def first_id(instant: datetime) -> UUID:
    """The least id that could have been made at an instant: rows older than it have a smaller one."""
    return UUID(int=(int(instant.timestamp() * 1000) << 80) | _VERSION | _VARIANT)


def new_code() -> str:
    """Six letters and digits that people can read aloud; none that look alike."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(6))
