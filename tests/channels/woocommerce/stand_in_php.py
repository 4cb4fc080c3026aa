"""How the stand-in reads and writes values: PHP's idea of numbers, stamps in whole seconds, local time unless Z."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Row = dict[str, Any]
LOCAL = timedelta(hours=5, minutes=45)  # the shop stands in Kathmandu


class Refusal(Exception):
    """What the shop answers in place of a thing."""

    def __init__(self, status: int, code: str, message: str = "No.") -> None:
        super().__init__(code)
        self.status = status
        self.row = {"code": code, "message": message, "data": {"status": status}}


@dataclass
class ShopClock:
    """The shop's own clock; stands still where a test sets it."""

    at: datetime | None = None

    def now(self) -> datetime:
        return (self.at or datetime.now(UTC)).replace(microsecond=0)

    def stop(self, at: datetime | None = None) -> None:
        self.at = (at or datetime.now(UTC)).replace(microsecond=0)

    def tick(self, seconds: float = 1) -> None:
        self.stop(self.now() + timedelta(seconds=seconds))


def gmt(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if instant else None


def local(instant: datetime | None) -> str | None:
    return gmt(instant + LOCAL) if instant else None


def asked(text: str) -> datetime:
    """An instant of a query: local time of the shop unless it ends in Z."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else (read - LOCAL).replace(tzinfo=UTC)


def unvalidated(value: Any) -> int:
    """What a row of a batch stores, whatever is sent."""
    if isinstance(value, bool | int | float):
        return int(value)
    found = re.match(r"\s*-?\d+", value) if isinstance(value, str) else None
    return int(found[0]) if found else 0


def validated(value: Any) -> int:
    """What a single PUT stores; null is 0."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refusal(400, "rest_invalid_param", "Invalid parameter(s): stock_quantity")
    return value


def page_of(rows: list[Row], query: dict[str, str]) -> list[Row]:
    """A page: `offset` beats `page`, and `_fields` cuts the rows."""
    size = int(query.get("per_page", "10"))
    if not 1 <= size <= 100:
        raise Refusal(400, "rest_invalid_param", "Invalid parameter(s): per_page")
    begin = int(query["offset"]) if "offset" in query else (int(query.get("page", "1")) - 1) * size
    return [cut(row, query) for row in rows[begin : begin + size]]


def cut(row: Row, query: dict[str, str]) -> Row:
    wanted = query.get("_fields")
    return {name: row[name] for name in wanted.split(",") if name in row} if wanted else row


def included(query: dict[str, str]) -> set[int] | None:
    return {int(each) for each in query["include"].split(",")} if query.get("include") else None
