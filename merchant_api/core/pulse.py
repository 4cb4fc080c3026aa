"""Heartbeats of job processes: which jobs ran where, and when; `readyz` and `/metrics` show them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import PrimaryKeyConstraint, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped

from merchant_api.core import clock
from merchant_api.core.columns import Instant, Words
from merchant_api.core.db import Model, session

STALE_AFTER_S = 30


class Heartbeat(Model):
    """The last run of one job in one process."""

    __tablename__ = "heartbeats"
    __table_args__ = (PrimaryKeyConstraint("job", "process"),)

    job: Mapped[Words]
    process: Mapped[Words]
    beat_at: Mapped[Instant]


@dataclass(frozen=True, slots=True)
class Beat:
    """The newest beat of a job over all processes."""

    job: str
    at: datetime


def beat(job: str, process: str) -> None:
    """Record that a job of this process just ran; the caller's transaction."""
    row = insert(Heartbeat).values(job=job, process=process, beat_at=clock.now())
    session().execute(row.on_conflict_do_update(index_elements=["job", "process"], set_={"beat_at": clock.now()}))


def newest() -> list[Beat]:
    """The newest beat per job."""
    rows = session().execute(select(Heartbeat.job, func.max(Heartbeat.beat_at)).group_by(Heartbeat.job))
    return [Beat(job, at) for job, at in rows]


def is_fresh(last: datetime | None) -> bool:
    """Whether a beat is less than half a minute old."""
    return last is not None and clock.now() - last < timedelta(seconds=STALE_AFTER_S)


def forget(before: datetime) -> None:
    """Delete the beats of processes that are long gone."""
    session().execute(delete(Heartbeat).where(Heartbeat.beat_at < before))
