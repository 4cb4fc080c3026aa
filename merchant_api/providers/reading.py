"""Members of what a provider sends, read tolerantly: what has another shape than published is not there."""

from typing import Any
from uuid import UUID


def is_text(value: object) -> bool:
    """A name: text of 1 to 255 characters."""
    return isinstance(value, str) and 0 < len(value) <= 255


def is_whole(value: object, most: float = 10**15) -> bool:
    """A whole number from 0 to `most`."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def short(value: object) -> str | None:
    """Some text, at most 200 characters of it."""
    return value[:200] if isinstance(value, str) and value else None


def id_of(value: object) -> UUID | None:
    """An id of ours."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def metadata_of(about: dict[str, Any]) -> dict[str, Any]:
    """What the merchant wrote beside it."""
    said = about.get("metadata")
    return said if isinstance(said, dict) else {}


def payment_of(about: dict[str, Any], otherwise: str) -> str | None:
    """The name of the payment that something of Stripe is about: its intent, or what older ways to pay have."""
    named = about.get("payment_intent") or about.get(otherwise)
    return str(named) if is_text(named) else None
