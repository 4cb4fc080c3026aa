"""Whole numbers of a query, read as those of a body are: a JSON integer, as text."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from merchant_api.core.numbers import BadNumber, number


class Asked(fields.Integer):
    """A whole number in a query: 3, 3.0 or 3e0; not +3, 03 or the digits of other scripts."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strict=True, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        try:
            said = number(value) if isinstance(value, str) else value
        except (BadNumber, ValueError) as error:
            raise self.make_error("invalid", input=value) from error
        return super()._deserialize(said, attr, data, **kwargs)
