"""Tables of carts. A line that is in a cart holds nothing: units are promised by orders only."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import LARGEST_QUANTITY, Amount, Id, Instant, Quantity, Words
from merchant_api.core.db import Model
from merchant_api.orders.place.placement import LineWanted

IS_OPEN = "order_id IS NULL"


class Cart(Model):
    """What one person means to order from one merchant. One of them is open at a time; `order_id` ends it.

    `version` counts its changes. An open one whose `expires_at` has passed is told so for a while, then it goes.
    """

    __tablename__ = "carts"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        ForeignKeyConstraint(["merchant_id", "order_id"], ["orders.merchant_id", "orders.id"]),
        Index("uq_carts_open", "merchant_id", "person_id", unique=True, postgresql_where=text(IS_OPEN)),
        Index("ix_carts_open", "merchant_id", "expires_at", postgresql_where=text(IS_OPEN)),
        Index("ix_carts_checked_out", "merchant_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
    )

    merchant_id: Mapped[Id] = mapped_column(ForeignKey("merchants.id"))
    id: Mapped[Id]
    person_id: Mapped[Id]
    version: Mapped[int]
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    order_id: Mapped[Id | None]


class CartLine(Model):
    """Units of a product that somebody means to order, from a named place or from anywhere.

    `number` is the cart's version when the line was added, by which lines are sorted. SKU, name and price (minor units
    of the merchant's currency) are as the person last chose them; they are shown where the product is not for sale.
    """

    __tablename__ = "cart_lines"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "cart_id", "product_id"),
        ForeignKeyConstraint(["merchant_id", "cart_id"], ["carts.merchant_id", "carts.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["merchant_id", "product_id"], ["products.merchant_id", "products.id"]),
        CheckConstraint(f"quantity BETWEEN 1 AND {LARGEST_QUANTITY}", name="quantity"),
    )

    merchant_id: Mapped[Id]
    cart_id: Mapped[Id]
    product_id: Mapped[Id]
    number: Mapped[int]
    quantity: Mapped[Quantity]
    location_id: Mapped[Id | None]
    grade_id: Mapped[Id | None]
    guests: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    sku: Mapped[Words]
    name: Mapped[Words]
    unit_price: Mapped[Amount]

    @property
    def wanted(self) -> LineWanted:
        """The line as placing takes it."""
        guests = tuple(self.guests or ())
        return LineWanted(self.product_id, self.quantity, self.location_id, self.grade_id, guests=guests)
