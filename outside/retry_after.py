"""How long a service asks us to wait: the Retry-After header, in seconds or as a date (RFC 9110, section 10.2.3)."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_S = 86_400.0


def seconds_to_wait(header: str | None, now: Callable[[], datetime]) -> float | None:
    """Seconds from now, at least 0 and at most a day; None where nothing readable was stated."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST_S)
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # a year or a zone beyond what can be counted
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return min(max((instant - now()).total_seconds(), 0.0), _LONGEST_S)
