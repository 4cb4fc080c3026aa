"""Tables of work with channels: what comes round again and again, and what somebody asked for and may watch."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.channels.models import CHANNEL
from merchant_api.channels.states import RoundKind, RunKind, RunState
from merchant_api.core.columns import Document, Id, Instant, Words, one_of
from merchant_api.core.db import Model
from merchant_api.outbox.models import Leased


class ChannelRound(Model):
    """What is due again and again of a channel: `due_at` moves ahead while it is leased, and to the next time after.

    `mark` is how far it came, in the words of the channel's kind; `hints` are what events told to look at. All that
    happened in the shop before `read_until` is known here.
    """

    __tablename__ = "channel_rounds"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "channel_id", "kind"),
        ForeignKeyConstraint(*CHANNEL),
        Index("ix_channel_rounds_due", "merchant_id", "due_at", postgresql_where=text("is_on")),
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    channel_id: Mapped[Id]
    kind: Mapped[RoundKind] = mapped_column(one_of(RoundKind, "kind"))
    is_on: Mapped[bool]
    due_at: Mapped[Instant]
    lease_token: Mapped[Id | None]
    mark: Mapped[Document]
    hints: Mapped[list[str]] = mapped_column(JSONB)
    read_until: Mapped[Instant | None]


class ChannelRun(Leased):
    """A push, a pull or an import: done in pages, each recorded under the lease, so that a killed one goes on.

    `cursor` is where it goes on; `done` of `of` items; `problems` and `changes` are what people have to know, cut to
    the first of each.
    """

    __tablename__ = "channel_runs"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        ForeignKeyConstraint(*CHANNEL),
        CheckConstraint("(state = 'pending') = (ended_at IS NULL)", name="ends_when_it_runs_no_more"),
        Index("ix_channel_runs_due", "merchant_id", "due_at", postgresql_where=text("state = 'pending'")),
        Index(
            "uq_channel_runs_running",
            "merchant_id",
            "channel_id",
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
    )

    channel_id: Mapped[Id]
    kind: Mapped[RunKind] = mapped_column(one_of(RunKind, "kind"))
    state: Mapped[RunState] = mapped_column(one_of(RunState, "state"))
    asked: Mapped[Document]
    cursor: Mapped[Words | None]
    done: Mapped[int]
    of: Mapped[int | None]
    problems: Mapped[list[Any]] = mapped_column(JSONB)
    changes: Mapped[list[Any]] = mapped_column(JSONB)
    why: Mapped[Words | None]
    started_by: Mapped[dict[str, str]] = mapped_column(JSONB)
    created_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
