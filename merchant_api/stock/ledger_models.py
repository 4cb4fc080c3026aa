"""The table of the ledger: every change of a cell, for ever."""

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Amount, Id, Instant, Quantity, Words, one_of
from merchant_api.core.db import Model
from merchant_api.stock.models import CELL
from merchant_api.stock.states import Reason


class LedgerRow(Model):
    """One change of a cell and the balances after it. A hold is entered once, settled once, and each unit back once.

    `hold_back` are the units of the hold that had gone back after it: no two rows of a hold say the same number.

    No foreign key to the cell: cells are never deleted, and a row is only written in the statement that changes its
    cell under `seq = :read`.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint(*CELL, "seq"),
        Index(None, "merchant_id", "product_id", "id"),
        Index(
            "uq_ledger_hold",
            "merchant_id",
            "hold_id",
            "reason",
            "hold_back",
            unique=True,
            postgresql_where=text("hold_id IS NOT NULL"),
        ),
        Index(
            "uq_ledger_hold_back",
            "merchant_id",
            "hold_id",
            "hold_back",
            unique=True,
            postgresql_where=text("hold_back > 0"),
        ),
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    product_id: Mapped[Id]
    location_id: Mapped[Id]
    grade_id: Mapped[Id]
    seq: Mapped[Amount]
    on_hand_change: Mapped[Quantity]
    held_change: Mapped[Quantity]
    used_change: Mapped[Quantity]
    on_hand: Mapped[Quantity]
    held: Mapped[Quantity]
    used: Mapped[Amount]
    reason: Mapped[Reason] = mapped_column(one_of(Reason, "reason"))
    comment: Mapped[Words | None]
    actor: Mapped[dict[str, str]] = mapped_column(JSONB)
    order_id: Mapped[Id | None]
    hold_id: Mapped[Id | None]
    happened_at: Mapped[Instant]
    hold_back: Mapped[Quantity] = mapped_column(server_default="0")

    @property
    def available(self) -> int:
        """What others could buy after it."""
        return self.on_hand - self.held
