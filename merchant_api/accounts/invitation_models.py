"""The table of invitations: who was asked to work for a merchant, and has not answered."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.accounts.models import MemberRole
from merchant_api.core.columns import Blob, Id, Instant, Words, one_of
from merchant_api.core.db import Model


class Invitation(Model):
    """Whoever signs in with `login`, or the customer `person_id`, is asked to be a member; answered, the row is gone.

    `created_at` is when this was asked first, however often it was renewed. Of the token only the SHA-256 is kept.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "login"),
        UniqueConstraint("merchant_id", "person_id"),
        ForeignKeyConstraint(["merchant_id", "person_id"], ["customers.merchant_id", "customers.person_id"]),
        CheckConstraint("(login IS NULL) <> (person_id IS NULL)", name="names_one"),
        Index(None, "login"),
        Index(None, "person_id"),
        Index(None, "merchant_id", "expires_at"),
    )

    merchant_id: Mapped[Id] = mapped_column(ForeignKey("merchants.id"))
    id: Mapped[Id]
    login: Mapped[Words | None]
    person_id: Mapped[Id | None]
    role: Mapped[MemberRole] = mapped_column(one_of(MemberRole, "role"))
    token_hash: Mapped[Blob]
    invited_by: Mapped[Id]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
