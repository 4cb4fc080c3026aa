"""APScheduler, typed: a clock and nothing more. Deadlines are columns; a job that ran late loses nothing.

Jobs live in memory, a late run is made up for once (`coalesce`, no grace time after which it would be dropped), and a
job never runs beside itself in one process. Any number of processes may keep the same timetable.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler


@dataclass(frozen=True, slots=True)
class Entry:
    """A job of the timetable; `offset_s` is when it first runs after the start."""

    name: str
    run: Callable[[], object]
    every_s: float
    offset_s: float = 0.0


class Timekeeper:
    """Runs entries, each at its interval, on a pool of threads."""

    def __init__(self, entries: list[Entry]) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of every tick that a long run covers
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(entries))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for entry in entries:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        # The scheduler compares with the machine's clock, so that is what its first run is reckoned from.
        first = datetime.now(UTC) + timedelta(seconds=entry.offset_s)
        self._scheduler.add_job(entry.run, "interval", seconds=entry.every_s, id=entry.name, next_run_time=first)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Run nothing more, and wait for what is running."""
        self._scheduler.shutdown(wait=True)
