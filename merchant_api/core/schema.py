"""Shapes of requests and replies: marshmallow, strict, with frozen dataclasses behind what comes in.

Unknown fields are refused, whole numbers are whole (1.0 is, "1" and true are not), text is bounded and trimmed.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, pre_dump, validate

from merchant_api.core import reader
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.money import LARGEST, Money, is_currency
from merchant_api.core.names import tidy

LONGEST_PLACE_NAME = 80
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_FARTHEST_ZONE = timedelta(hours=14)


class In(Schema):
    """A request body or query; `makes` is the frozen dataclass that it becomes."""

    makes: ClassVar[Callable[..., Any]] = dict

    class Meta:
        unknown = RAISE

    @post_load
    def _make(self, data: Mapping[str, Any], **_: object) -> Any:
        return self.makes(**data)


class Out(Schema):
    """A reply."""


class ActorOut(Out):
    """Who did it; `kind` is owner, clerk, staff, integration, customer or job.

    Customers see no person but themselves: for them `id` is null, and `name` says on whose side it was, in the reader's
    language ("the merchant", "the platform").
    """

    kind = fields.String(required=True)
    id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)

    @pre_dump
    def _as_read(self, data: Any, **_: object) -> Any:
        return reader.stamp(data)


class Text(fields.String):
    """Text of 1 to `most` characters after trimming; `least=0` allows none."""

    def __init__(self, most: int = 200, least: int = 1, **options: Any) -> None:
        super().__init__(validate=validate.Length(min=least, max=most), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return text.strip() if isinstance(text, str) else text


class Name(Text):
    """What something is called: in NFC, with single blanks."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return tidy(super()._deserialize(value, attr, data, **kwargs))


class PlaceName(Name):
    """The name of a location or a grade: 1 to 80 characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(LONGEST_PLACE_NAME, **options)


class Flag(fields.Boolean):
    """true or false, and nothing that looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Whole(fields.Integer):
    """A whole number within bounds."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(min=least, max=most), **options)


class QuantityIn(Whole):
    """Units: 1 to 1,000,000."""

    def __init__(self, least: int = 1, **options: Any) -> None:
        super().__init__(least=least, most=LARGEST_QUANTITY, **options)


class Degrees(fields.Float):
    """A number of degrees from -most to most; no text, no true, nothing infinite."""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(allow_nan=False, validate=validate.Range(min=-most, max=most), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class InstantIn(fields.Field[datetime]):
    """RFC 3339 with an offset of at most 14 hours, between the years 2000 and 2200."""

    default_error_messages = {  # noqa: RUF012 - as the library declares it
        "invalid": "Not an RFC 3339 instant with an offset, as 2026-01-31T09:30:00Z."
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise self.make_error("invalid")
        try:
            said = datetime.fromisoformat(value)
            instant, offset = said.astimezone(UTC), said.utcoffset()
        except (ValueError, OverflowError) as error:
            raise self.make_error("invalid") from error
        if not 2000 <= instant.year < 2200 or offset is None or abs(offset) > _FARTHEST_ZONE:
            raise self.make_error("invalid")
        return instant


class InstantOut(fields.Field[datetime]):
    """RFC 3339 in UTC, microseconds where there are any, or null."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else rfc3339(value)


class MoneyIn(fields.Field[Money]):
    """{"amount": minor units, "currency": "NPR"}; the amount is from `least` up."""

    default_error_messages = {  # noqa: RUF012 - as the library declares it
        "invalid": 'Not money: {{"amount": <whole minor units>, "currency": "NPR"}}.'
    }

    def __init__(self, least: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.least = least

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Money:
        if not isinstance(value, dict) or set(value) != {"amount", "currency"}:
            raise self.make_error("invalid")
        amount, currency = value["amount"], value["currency"]
        if isinstance(amount, bool) or not isinstance(amount, int) or not isinstance(currency, str):
            raise self.make_error("invalid")
        if not self.least <= amount <= LARGEST:
            raise ValidationError(f"The amount must be from {self.least} to {LARGEST}.")
        if not is_currency(currency):
            raise ValidationError("Not a currency of ISO 4217.")
        return Money(amount, currency)


class MoneyOut(fields.Field[Money]):
    """{"amount": minor units, "currency": "NPR"}, or null."""

    def _serialize(self, value: Money | None, attr: str | None, obj: Any, **kwargs: Any) -> dict[str, Any] | None:
        return None if value is None else {"amount": value.amount, "currency": value.currency}


def rfc3339(instant: datetime) -> str:
    """An instant as text, UTC, with Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
