"""The table by which a merchant knows a customer again."""

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Id, Words
from merchant_api.core.db import Model


class CustomerMark(Model):
    """An e-mail address, or a phone number with a name, that belongs to one customer (`accounts/marks.py`).

    `twin` is 0 but where customers share a mark: those who were entered twice before there were marks, and those who
    turned out to be one person when somebody gave the marks of both.
    """

    __tablename__ = "customer_marks"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "mark", "twin"),
        ForeignKeyConstraint(["merchant_id", "person_id"], ["customers.merchant_id", "customers.person_id"]),
        Index(None, "merchant_id", "person_id"),
    )

    merchant_id: Mapped[Id]
    mark: Mapped[Words]
    twin: Mapped[int] = mapped_column(server_default="0")
    person_id: Mapped[Id]
