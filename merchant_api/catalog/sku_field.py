"""How a SKU comes in: one line that can be read, with single blanks."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from merchant_api.core.schema import Name


def _is_seen(letter: str) -> bool:
    return letter.isprintable() or unicodedata.category(letter) == "Zs"  # blanks of any width become blanks


class Sku(Name):
    """1 to 64 characters on one line, none of them invisible."""

    default_error_messages = {"invisible": "May hold no invisible characters."}  # noqa: RUF012 - as the library has it

    def __init__(self, **options: Any) -> None:
        super().__init__(64, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if isinstance(value, str) and not all(_is_seen(letter) for letter in value.strip()):
            raise self.make_error("invisible")
        return super()._deserialize(value, attr, data, **kwargs)
