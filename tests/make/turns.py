"""A carrier that takes its turns in the test's own thread, as the loop of a job process would."""

import time
from collections.abc import Callable
from typing import Any

from jobs.sending.carrier import Carrier

PATIENCE_S = 20.0
LOOKS_AGAIN_S = 0.05


def turn_until(carrier: Carrier[Any, Any], condition: Callable[[], bool]) -> None:
    """Turn until something holds; between turns it waits to be woken, or looks again by itself soon."""
    ends_at = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < ends_at
        carrier.turn()
        carrier._wake.wait(LOOKS_AGAIN_S)
        carrier._wake.clear()
