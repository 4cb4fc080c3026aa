"""Column types that every table shares: ids, instants, money, quantities, and enums as text with a named CHECK."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Enum, Integer, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

LARGEST_QUANTITY = 1_000_000

Id = Annotated[UUID, mapped_column(Uuid)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Amount = Annotated[int, mapped_column(BigInteger)]
Quantity = Annotated[int, mapped_column(Integer)]
Words = Annotated[str, mapped_column(Text)]
Document = Annotated[dict[str, Any], mapped_column(JSONB)]
Blob = Annotated[bytes, mapped_column(LargeBinary)]


def one_of(values: type[StrEnum], name: str) -> Enum:
    """An enum stored as text, with CHECK `ck_<table>_<name>`."""
    return Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
