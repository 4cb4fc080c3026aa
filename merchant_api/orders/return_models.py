"""The table of what came back after delivery."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import LARGEST_QUANTITY, Amount, Id, Instant, Quantity, Words, one_of
from merchant_api.core.db import Model
from merchant_api.orders.states import Condition


class Return(Model):
    """Units of a line that came back after delivery, in units and minor units: into a place, or written off (null).

    Append-only by trigger.
    """

    __tablename__ = "returns"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        ForeignKeyConstraint(
            ["merchant_id", "order_id", "line"],
            ["order_lines.merchant_id", "order_lines.order_id", "order_lines.line"],
        ),
        CheckConstraint(f"quantity BETWEEN 1 AND {LARGEST_QUANTITY}", name="quantity"),
        CheckConstraint("(location_id IS NULL) = (grade_id IS NULL)", name="place"),
        Index(None, "merchant_id", "order_id"),
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    order_id: Mapped[Id]
    line: Mapped[int]
    quantity: Mapped[Quantity]
    condition: Mapped[Condition] = mapped_column(one_of(Condition, "condition"))
    location_id: Mapped[Id | None]
    grade_id: Mapped[Id | None]
    value: Mapped[Amount]
    note: Mapped[Words | None]
    actor: Mapped[dict[str, str]] = mapped_column(JSONB)
    returned_at: Mapped[Instant]
