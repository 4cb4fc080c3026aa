"""The table of API keys."""

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Blob, Id, Instant, Words
from merchant_api.core.db import Model


class ApiKey(Model):
    """A merchant's key for a program; only the SHA-256 of its secret is kept.

    `made_by` is the person who made it, null for keys from before that was written down. One that `is_bound` was made
    by a member: it may at most what she may, and ends with her membership (`accounts/key_rights.py`).
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        ForeignKeyConstraint(["merchant_id"], ["merchants.id"]),
        CheckConstraint(text("cardinality(permissions) > 0"), name="permissions"),
        CheckConstraint("made_by IS NOT NULL OR NOT is_bound", name="bound_to_somebody"),
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    name: Mapped[Words]
    secret_hash: Mapped[Blob]
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    made_by: Mapped[Id | None]
    is_bound: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
