"""When a merchant may say that goods are ready: from now on, within thirty days."""

from datetime import datetime, timedelta

from merchant_api.core.errors import Invalid
from merchant_api.core.give_or_take import is_behind
from merchant_api.core.schema import rfc3339

FARTHEST_READY = timedelta(days=30)


def check(ready_at: datetime | None, now: datetime) -> None:
    """Refuse (Invalid) an instant that lies behind, or too far ahead."""
    if ready_at is None:
        return
    if is_behind(ready_at, now):
        raise Invalid("Name a time to come.", errors={"ready_at": [f"Lies behind: it is {rfc3339(now)} now."]})
    if ready_at > now + FARTHEST_READY:
        raise Invalid("Name a time within 30 days.", errors={"ready_at": ["More than 30 days ahead."]})
