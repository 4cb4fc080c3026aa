"""When a request came in: the front notes it once all of it is here, before the request waits for a thread."""

import time
from datetime import datetime, timedelta

from flask import Request

from merchant_api.core import clock

ARRIVED = "orderbell.arrived"  # in the environ of WSGI, an instant of time.monotonic()


def arrived_at(request: Request) -> datetime:
    """The instant, by the clock of the database; this one where no front has noted any."""
    now_s = time.monotonic()
    noted_s: float = request.environ.get(ARRIVED, now_s)
    return clock.now() - timedelta(seconds=now_s - noted_s)
