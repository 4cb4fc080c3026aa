"""One run of a job or loop in this process: its own app context and session, failures logged, and a heartbeat."""

import os
import socket
import time
from collections.abc import Callable
from typing import TypeVar

from flask import Flask

from jobs.sweep import guarded
from merchant_api.core import pulse
from merchant_api.core.db import in_transaction

T = TypeVar("T")
BEAT_EVERY_S = 5.0


class Runner:
    """Runs the jobs of one process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._process = f"{socket.gethostname()}:{os.getpid()}"
        self._beats: dict[str, float] = {}

    def once(self, name: str, run: Callable[[], T]) -> T | None:
        """What it gives, or None when it failed, which is logged."""
        with self._app.app_context():
            return guarded(name, lambda: self._run(name, run))

    def _run(self, name: str, run: Callable[[], T]) -> T:
        result = run()
        if time.monotonic() - self._beats.get(name, float("-inf")) >= BEAT_EVERY_S:
            self._beats[name] = time.monotonic()
            in_transaction(lambda: pulse.beat(name, self._process))
        return result
