"""Whether an instant that people or programs name lies ahead of now, or behind it, give or take five minutes.

Clocks of phones and shops are not set by ours; what is further off is a wrong day or a forgotten zone.
"""

from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)


def is_ahead(instant: datetime, now: datetime) -> bool:
    """Whether it lies ahead by more than a clock may be wrong."""
    return instant > now + TOLERANCE


def is_behind(instant: datetime, now: datetime) -> bool:
    """Whether it lies behind by more than a clock may be wrong."""
    return instant < now - TOLERANCE
