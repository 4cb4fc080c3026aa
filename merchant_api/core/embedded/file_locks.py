"""Locks on files, by which the commands that share one embedded database know of each other.

The rule: a lock is the kernel's, so it ends with the process that holds it, however that process ends.
A lock is an open file number: nothing closes it when a variable goes out of scope.
"""

import fcntl
import os
import time
from pathlib import Path

SHARED, ALONE = fcntl.LOCK_SH, fcntl.LOCK_EX


class Taken(Exception):
    """Another process holds the lock."""


def take(path: Path, mode: int, *, patience_s: float = 0) -> int:
    """Lock `path`, SHARED or ALONE, and return the file number to release. Refused: Taken, after the patience."""
    until = time.monotonic() + patience_s
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    while True:
        try:
            fcntl.flock(lock, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                os.close(lock)
                raise Taken(str(path)) from None
            time.sleep(0.02)
        except BaseException:
            os.close(lock)
            raise
        else:
            return lock


def release(lock: int) -> None:
    os.close(lock)


def is_free(path: Path) -> bool:
    """Whether nobody holds this lock alone."""
    try:
        release(take(path, SHARED))
    except Taken:
        return False
    return True
