"""Turn after turn of work with shops, several of them asked at once, for a bounded time."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from jobs.sweep import Tally, in_halves

T = TypeVar("T")
LONGEST_RUN_S = 20.0


def turns(
    name: str,
    at_once: int,
    take: Callable[[], list[T]],
    turn: Callable[[ThreadPoolExecutor, list[T]], int],
    leave: Callable[[T], None],
) -> Tally:
    """Take what is due and do it, until nothing more is done; the last turn is begun within 20 s."""
    tally, until = Tally(), time.monotonic() + LONGEST_RUN_S
    with ThreadPoolExecutor(at_once, thread_name_prefix=name) as pool:
        while time.monotonic() < until:
            done = in_halves(name, take(), partial(turn, pool), leave)
            tally += done
            if not done.done:
                break
    return tally
