"""The table of the web stack: levels that wait for channels, and for 30 days those that arrived."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.channels.models import CHANNEL
from merchant_api.channels.states import LevelState
from merchant_api.core.columns import Id, Instant, Quantity, Words, one_of
from merchant_api.outbox.models import Leased

OPEN = "state IN ('pending', 'held')"


class StackRecord(Leased):
    """The newest level of a listing that waits, is on its way or was sent; one that is open per listing.

    `version` rises with every change while it is open, and `sent_version` is the one that is on its way: it is done
    when both are equal, and waits anew otherwise, so that of a listing one is on its way, and the newest follows.
    `since` is when the shop began to be behind. `status` and `text` are the last response.
    """

    __tablename__ = "levels"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        ForeignKeyConstraint(*CHANNEL),
        CheckConstraint("(state IN ('pending', 'held')) = (ended_at IS NULL)", name="ends_when_it_waits_no_more"),
        Index("uq_levels_open", "merchant_id", "channel_id", "product_id", unique=True, postgresql_where=text(OPEN)),
        Index("ix_levels_due", "merchant_id", "due_at", postgresql_where=text("state = 'pending'")),
        Index(
            "ix_levels_in_line",
            *("merchant_id", "channel_id", text("(level > 0)"), "due_at"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_levels_skipped",
            *("merchant_id", "channel_id", "product_id"),
            postgresql_where=text("state = 'skipped'"),
        ),
        Index(
            "ix_levels_ended", "merchant_id", "channel_id", "ended_at", postgresql_where=text("ended_at IS NOT NULL")
        ),
    )

    channel_id: Mapped[Id]
    product_id: Mapped[Id]
    level: Mapped[Quantity]
    version: Mapped[int] = mapped_column(server_default="1")
    sent_version: Mapped[int | None]
    state: Mapped[LevelState] = mapped_column(one_of(LevelState, "state"))
    status: Mapped[int | None]
    text: Mapped[Words | None]
    tried_at: Mapped[Instant | None]
    since: Mapped[Instant]
    ended_at: Mapped[Instant | None]
