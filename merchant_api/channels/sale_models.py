"""The table of orders that channels sold: what we last saw of each, and what became of it."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy import false as no
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.channels.models import CHANNEL
from merchant_api.channels.states import SaleState
from merchant_api.core.columns import Document, Id, Instant, Words, one_of
from merchant_api.core.db import Model


class Sale(Model):
    """An order of a channel, by its id there, once. Its row is locked by whoever applies what the shop says of it.

    `seen` is the order as the shop last told it (`sales/seen.py`), `applied` how many units of each line our stock was
    moved by, and by which of our orders and lines. `why` is what is wrong, or odd, in a sentence.
    """

    __tablename__ = "sales"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "channel_id", "external_id"),
        ForeignKeyConstraint(*CHANNEL),
        CheckConstraint("state <> 'parked' OR why IS NOT NULL", name="says_why_it_is_parked"),
        Index("ix_sales_open", "merchant_id", "channel_id", "read_at", postgresql_where=text("is_open")),
        Index("ix_sales_parked", "merchant_id", "channel_id", "id", postgresql_where=text("state = 'parked'")),
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    channel_id: Mapped[Id]
    external_id: Mapped[Words]
    name: Mapped[Words]
    state: Mapped[SaleState] = mapped_column(one_of(SaleState, "state"))
    why: Mapped[Words | None]
    order_id: Mapped[Id | None]
    seen: Mapped[Document]
    applied: Mapped[dict[str, Any]] = mapped_column(JSONB)
    is_open: Mapped[bool] = mapped_column(server_default=no())
    placed_at: Mapped[Instant]
    read_at: Mapped[Instant]
    created_at: Mapped[Instant]
