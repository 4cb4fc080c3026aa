"""Tables of the catalog."""

from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import LARGEST_QUANTITY, Amount, Id, Instant, Quantity, Words, one_of
from merchant_api.core.db import Model
from merchant_api.core.money import LARGEST
from merchant_api.core.named import Keyed, keyed


class ProductKind(StrEnum):
    """What is sold: a thing, or a place at an event."""

    MERCHANDISE = "merchandise"
    REGISTRATION = "registration"


class Status(StrEnum):
    """Whether a product takes orders."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Fulfilment(StrEnum):
    """How it reaches the customer."""

    COURIER = "courier"
    NONE = "none"


class WhenShort(StrEnum):
    """What an order meets that stock does not cover."""

    ASK = "ask"
    BACKORDER = "backorder"
    REFUSE = "refuse"


class Category(Keyed, Model):
    """A name under which a merchant puts products, for people who look for them and people who count them."""

    __tablename__ = "categories"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "name"),
        UniqueConstraint("merchant_id", "name_key", "twin"),
    )

    merchant_id: Mapped[Id] = mapped_column(ForeignKey("merchants.id"))
    id: Mapped[Id]
    created_at: Mapped[Instant]


class Product(Model):
    """What a merchant sells. `price` is minor units of the merchant's currency; `max_quantity` 0 is unlimited.

    `sku_key` and `twin` are to the SKU what they are to the names of `Keyed`.
    """

    __tablename__ = "products"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "sku"),
        UniqueConstraint("merchant_id", "sku_key", "twin"),
        ForeignKeyConstraint(["merchant_id", "category_id"], ["categories.merchant_id", "categories.id"]),
        Index(None, "merchant_id", "category_id"),
        CheckConstraint(f"price BETWEEN 0 AND {LARGEST}", name="price"),
        CheckConstraint(f"max_quantity BETWEEN 0 AND {LARGEST_QUANTITY}", name="max_quantity"),
        CheckConstraint("when_short <> 'backorder' OR kind = 'merchandise'", name="backorder_is_merchandise"),
        CheckConstraint("fulfilment <> 'courier' OR kind = 'merchandise'", name="courier_is_merchandise"),
    )

    merchant_id: Mapped[Id] = mapped_column(ForeignKey("merchants.id"))
    id: Mapped[Id]
    sku: Mapped[Words]
    sku_key: Mapped[Words | None] = mapped_column(default=keyed("sku"))
    twin: Mapped[int] = mapped_column(server_default="0")
    name: Mapped[Words]
    description: Mapped[Words]
    kind: Mapped[ProductKind] = mapped_column(one_of(ProductKind, "kind"))
    status: Mapped[Status] = mapped_column(one_of(Status, "status"))
    fulfilment: Mapped[Fulfilment] = mapped_column(one_of(Fulfilment, "fulfilment"))
    when_short: Mapped[WhenShort] = mapped_column(one_of(WhenShort, "when_short"))
    is_tracked: Mapped[bool]
    price: Mapped[Amount]
    max_quantity: Mapped[Quantity]
    category_id: Mapped[Id | None]
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
