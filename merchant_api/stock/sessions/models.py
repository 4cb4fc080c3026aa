"""Tables of sessions. Counts and snapshots are only ever added (triggers); one session is live, one at most staged."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Amount, Id, Instant, Quantity, Words, one_of
from merchant_api.core.db import Model
from merchant_api.stock.models import CELL
from merchant_api.stock.sessions.states import CountKind, Moved, Scope, SessionState
from merchant_api.stock.states import Reason

OF_SESSION = (["merchant_id", "session_id"], ["sessions.merchant_id", "sessions.id"])


class Session(Model):
    """One availability session of a merchant. `opened_by` is null for the one that the merchant began with.

    `version` is the number of rows in its log of counts when it was promoted, 0 until then; `scope`, `moved` and
    `comment` are those of the close that made it live.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        Index("uq_sessions_live", "merchant_id", unique=True, postgresql_where=text("state = 'live'")),
        Index("uq_sessions_staged", "merchant_id", unique=True, postgresql_where=text("state = 'staged'")),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("(state = 'staged') = (promoted_at IS NULL)", name="promoted_at"),
    )

    merchant_id: Mapped[Id] = mapped_column(ForeignKey("merchants.id"))
    id: Mapped[Id]
    state: Mapped[SessionState] = mapped_column(one_of(SessionState, "state"))
    version: Mapped[Amount]
    opened_at: Mapped[Instant]
    opened_by: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    promoted_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    closed_by: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    comment: Mapped[Words | None]
    scope: Mapped[Scope | None] = mapped_column(one_of(Scope, "scope"))
    moved: Mapped[Moved | None] = mapped_column(one_of(Moved, "moved"))


class Count(Model):
    """One row of the log of counts: `quantity` is the counted total that holds from it on, in units.

    A withdrawal names the row that it withdraws and says what holds then: null when nothing is counted any more.
    `read_seq` and `read_on_hand` are the live cell's figures when it was counted. `unpicked` are the units that had
    left on_hand and still lay on the shelf then (settled, not picked up), less those that had left the shelf only.
    """

    __tablename__ = "counts"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        ForeignKeyConstraint(*OF_SESSION),
        CheckConstraint("(kind = 'withdrawal') = (withdraws IS NOT NULL)", name="withdraws"),
        CheckConstraint("quantity >= 0", name="quantity"),
        Index(None, "merchant_id", "session_id", "id"),
        Index(None, *CELL, "id"),
        Index(
            "uq_counts_withdraws",
            "merchant_id",
            "withdraws",
            unique=True,
            postgresql_where=text("withdraws IS NOT NULL"),
        ),
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    session_id: Mapped[Id]
    product_id: Mapped[Id]
    location_id: Mapped[Id]
    grade_id: Mapped[Id]
    kind: Mapped[CountKind] = mapped_column(one_of(CountKind, "kind"))
    quantity: Mapped[Quantity | None]
    change: Mapped[Quantity | None]
    reason: Mapped[Reason | None] = mapped_column(one_of(Reason, "reason"))
    comment: Mapped[Words | None]
    moved: Mapped[Moved | None] = mapped_column(one_of(Moved, "moved"))
    read_seq: Mapped[Amount]
    read_on_hand: Mapped[Quantity]
    unpicked: Mapped[Quantity]
    withdraws: Mapped[Id | None]
    actor: Mapped[dict[str, str]] = mapped_column(JSONB)
    counted_at: Mapped[Instant]


class StagedCell(Model):
    """The count of a cell that holds in a session: the latest one that was not withdrawn, in units.

    Rows stay when the session is promoted: they say what was counted.
    """

    __tablename__ = "staged_cells"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "session_id", "product_id", "location_id", "grade_id"),
        ForeignKeyConstraint(*OF_SESSION),
        CheckConstraint("quantity >= 0", name="quantity"),
    )

    merchant_id: Mapped[Id]
    session_id: Mapped[Id]
    product_id: Mapped[Id]
    location_id: Mapped[Id]
    grade_id: Mapped[Id]
    quantity: Mapped[Quantity]
    count_id: Mapped[Id]
    read_seq: Mapped[Amount]
    read_on_hand: Mapped[Quantity]
    unpicked: Mapped[Quantity]
    moved: Mapped[Moved | None] = mapped_column(one_of(Moved, "moved"))


class Snapshot(Model):
    """One cell as a session left it when it was closed, in units; `seq` numbers the ledger row that led there.

    No foreign key: a hundred thousand rows are written at once, from the cells themselves, beside their session.
    """

    __tablename__ = "snapshots"
    __table_args__ = (PrimaryKeyConstraint("merchant_id", "session_id", "product_id", "location_id", "grade_id"),)

    merchant_id: Mapped[Id]
    session_id: Mapped[Id]
    product_id: Mapped[Id]
    location_id: Mapped[Id]
    grade_id: Mapped[Id]
    on_hand: Mapped[Quantity]
    held: Mapped[Quantity]
    used: Mapped[Amount]
    seq: Mapped[Amount]
