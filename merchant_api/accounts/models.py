"""Tables of people and merchants. People's own rows are keyed by person, everything else by merchant."""

from enum import StrEnum

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import LARGEST_QUANTITY, Id, Instant, Quantity, Words, one_of
from merchant_api.core.db import Model

LONGEST_WINDOW_S = 30 * 86_400
SHORTEST_CART_S, LONGEST_CART_S = 60, 90 * 86_400


class MemberRole(StrEnum):
    """What a member is to the merchant."""

    OWNER = "owner"
    CLERK = "clerk"


class Terms(StrEnum):
    """When an order is paid."""

    ON_DELIVERY = "on_delivery"
    AFTER_ACCEPTANCE = "after_acceptance"
    PREPAID = "prepaid"


class Allocation(StrEnum):
    """From which locations an order that names none takes its units first."""

    PREFERENCE = "preference"
    NEAREST = "nearest"


class Person(Model):
    """Someone who signs in, by e-mail or phone number (E.164)."""

    __tablename__ = "people"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        UniqueConstraint("email"),
        UniqueConstraint("phone"),
        CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", name="login"),
    )

    id: Mapped[Id]
    name: Mapped[Words]
    email: Mapped[Words | None]
    phone: Mapped[Words | None]
    password_hash: Mapped[Words]
    is_staff: Mapped[bool]
    locale: Mapped[Words | None]
    created_at: Mapped[Instant]
    disabled_at: Mapped[Instant | None]


class Merchant(Model):
    """The tenant. Windows are seconds: to answer, to pay, and for a customer to cancel after confirmation.

    `cart_ttl_s` is how many seconds a cart is kept after its last change. `unproven_*` is what a customer who is not
    proven may hold at once without asking; 0 open orders is no such rule. `is_synchronised` switches all channels.
    """

    __tablename__ = "merchants"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        CheckConstraint(f"respond_window_s BETWEEN 1 AND {LONGEST_WINDOW_S}", name="respond_window"),
        CheckConstraint(f"pay_window_s BETWEEN 1 AND {LONGEST_WINDOW_S}", name="pay_window"),
        CheckConstraint(f"cancel_window_s BETWEEN 0 AND {LONGEST_WINDOW_S}", name="cancel_window"),
        CheckConstraint("pay_grace_s BETWEEN 0 AND 3600", name="pay_grace"),
        CheckConstraint("unproven_open_orders BETWEEN 0 AND 10000", name="unproven_open_orders"),
        CheckConstraint(f"unproven_units BETWEEN 0 AND {LARGEST_QUANTITY}", name="unproven_units"),
        CheckConstraint("unproven_share_percent BETWEEN 0 AND 100", name="unproven_share_percent"),
        CheckConstraint(f"cart_ttl_s BETWEEN {SHORTEST_CART_S} AND {LONGEST_CART_S}", name="cart_ttl"),
    )

    id: Mapped[Id]
    name: Mapped[Words]
    time_zone: Mapped[Words]
    currency: Mapped[Words]
    locale: Mapped[Words]
    respond_window_s: Mapped[int]
    pay_window_s: Mapped[int]
    cancel_window_s: Mapped[int]
    pay_grace_s: Mapped[int]
    allowed_terms: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    default_terms: Mapped[Terms | None] = mapped_column(one_of(Terms, "default_terms"))
    unpaid_orders_cap: Mapped[int]
    allocation: Mapped[Allocation] = mapped_column(
        one_of(Allocation, "allocation"), server_default=Allocation.PREFERENCE.value
    )
    cart_ttl_s: Mapped[int] = mapped_column(server_default="604800")
    is_synchronised: Mapped[bool] = mapped_column(server_default=true())
    unproven_open_orders: Mapped[int] = mapped_column(server_default="5")
    unproven_units: Mapped[Quantity] = mapped_column(server_default="10")
    unproven_share_percent: Mapped[int] = mapped_column(server_default="20")
    created_at: Mapped[Instant]


class Member(Model):
    """A person who works for a merchant; `granted` and `withheld` are permissions that differ from the role's."""

    __tablename__ = "members"
    __table_args__ = (PrimaryKeyConstraint("merchant_id", "person_id"), Index(None, "person_id"))

    merchant_id: Mapped[Id] = mapped_column(ForeignKey("merchants.id"))
    person_id: Mapped[Id]
    role: Mapped[MemberRole] = mapped_column(one_of(MemberRole, "role"))
    granted: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    withheld: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    created_at: Mapped[Instant]


class Customer(Model):
    """Somebody who orders from a merchant; the id is a person's, or a fresh one for who has no sign-in.

    `is_trusted`: the merchant asks for no proof, as of everybody whom a seller entered. `has_bought`: one of his orders
    was delivered or is paid. `turn` moves on with each order that he places before he is proven.
    """

    __tablename__ = "customers"
    __table_args__ = (PrimaryKeyConstraint("merchant_id", "person_id"), Index(None, "person_id"))

    merchant_id: Mapped[Id] = mapped_column(ForeignKey("merchants.id"))
    person_id: Mapped[Id]
    name: Mapped[Words]
    phone: Mapped[Words | None]
    email: Mapped[Words | None]
    created_at: Mapped[Instant]
    is_trusted: Mapped[bool] = mapped_column(server_default=false())
    has_bought: Mapped[bool] = mapped_column(server_default=false())
    turn: Mapped[int] = mapped_column(server_default="0")
