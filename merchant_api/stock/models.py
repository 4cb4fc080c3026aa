"""Tables of stock. A cell's figures change only together with ledger rows; the ledger is append-only by trigger."""

from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import LARGEST_QUANTITY, Amount, Id, Instant, Quantity, one_of
from merchant_api.core.db import Model
from merchant_api.core.named import Keyed
from merchant_api.stock.states import HoldState

CELL = ("merchant_id", "product_id", "location_id", "grade_id")


class Location(Keyed, Model):
    """Where stock lies; lower `rank` is preferred. Degrees say where on Earth, for who takes from the nearest first."""

    __tablename__ = "locations"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "name"),
        UniqueConstraint("merchant_id", "name_key", "twin"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="both_degrees"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    merchant_id: Mapped[Id] = mapped_column(ForeignKey("merchants.id"))
    id: Mapped[Id]
    rank: Mapped[int]
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    created_at: Mapped[Instant]


class Grade(Keyed, Model):
    """The quality of stock; lower `rank` is preferred."""

    __tablename__ = "grades"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "name"),
        UniqueConstraint("merchant_id", "name_key", "twin"),
    )

    merchant_id: Mapped[Id] = mapped_column(ForeignKey("merchants.id"))
    id: Mapped[Id]
    rank: Mapped[int]
    created_at: Mapped[Instant]


class Cell(Model):
    """Stock of one product at one location in one grade, in units; available = on_hand - held.

    `seq` counts the cell's ledger rows. `held` may exceed `on_hand` (a backorder, or a count below what was promised).
    """

    __tablename__ = "cells"
    __table_args__ = (
        PrimaryKeyConstraint(*CELL),
        ForeignKeyConstraint(["merchant_id", "product_id"], ["products.merchant_id", "products.id"]),
        ForeignKeyConstraint(["merchant_id", "location_id"], ["locations.merchant_id", "locations.id"]),
        ForeignKeyConstraint(["merchant_id", "grade_id"], ["grades.merchant_id", "grades.id"]),
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("held >= 0", name="held"),
        CheckConstraint("used >= 0", name="used"),
        {"postgresql_with": {"fillfactor": 50}},
    )

    merchant_id: Mapped[Id]
    product_id: Mapped[Id]
    location_id: Mapped[Id]
    grade_id: Mapped[Id]
    on_hand: Mapped[Quantity]
    held: Mapped[Quantity]
    used: Mapped[Amount]
    seq: Mapped[Amount]

    @property
    def key(self) -> tuple[UUID, UUID, UUID]:
        """Product, location, grade."""
        return (self.product_id, self.location_id, self.grade_id)


class Hold(Model):
    """Units of a cell promised to an order line. `settle_at` is set once the order is confirmed: settling is due then.

    `back` are those of its units that were given back, which only grows (a trigger); what is left are `units`.
    The state changes under the cell's lock only. `left_at` is when the units left the shelf for good or for the
    customer, whether they are settled by then or not; who counts the shelf must know (sessions). A hold whose cell a
    person chose stays there (`is_by_hand`). `move_at` says that units came in for what its product owes: look where
    each open hold of the product finds its units.
    """

    __tablename__ = "holds"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        ForeignKeyConstraint(list(CELL), [f"cells.{name}" for name in CELL]),
        CheckConstraint(f"quantity BETWEEN 1 AND {LARGEST_QUANTITY}", name="quantity"),
        CheckConstraint("back BETWEEN 0 AND quantity", name="back"),
        CheckConstraint("(state IN ('released', 'restored')) = (back = quantity)", name="ends_when_all_is_back"),
        Index(None, "merchant_id", "order_id"),
        Index(
            "ix_holds_open_cell",
            *CELL,
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_holds_due",
            "merchant_id",
            "settle_at",
            postgresql_where=text("state = 'open' AND settle_at IS NOT NULL"),
        ),
        Index(
            "ix_holds_move",
            "merchant_id",
            "move_at",
            postgresql_where=text("state = 'open' AND move_at IS NOT NULL"),
        ),
        Index(
            "ix_holds_unpicked",
            *CELL,
            postgresql_where=text("state = 'settled' AND left_at IS NULL"),
        ),
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    order_id: Mapped[Id]
    line: Mapped[int]
    product_id: Mapped[Id]
    location_id: Mapped[Id]
    grade_id: Mapped[Id]
    quantity: Mapped[Quantity]
    state: Mapped[HoldState] = mapped_column(one_of(HoldState, "state"))
    settle_at: Mapped[Instant | None]
    left_at: Mapped[Instant | None]
    back: Mapped[Quantity] = mapped_column(server_default="0")
    is_by_hand: Mapped[bool] = mapped_column(server_default=false())
    move_at: Mapped[Instant | None]

    @property
    def units(self) -> int:
        """What is left of it: held while it is open, taken out of stock once it is settled."""
        return self.quantity - self.back

    @property
    def cell(self) -> tuple[UUID, UUID, UUID]:
        """Product, location, grade."""
        return (self.product_id, self.location_id, self.grade_id)

    @property
    def is_confirmed(self) -> bool:
        """Whether its order is confirmed, so that the units are about to leave the stock."""
        return self.settle_at is not None
