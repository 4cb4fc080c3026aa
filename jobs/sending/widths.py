"""How wide the lanes of deliveries are: for each person, merchant, device, push service and medium.

What goes to customers has lanes of its own everywhere, and never takes more than half of all: a ring finds room
whatever the customers' phones do. No person fills a merchant's lane alone.
"""

from uuid import UUID

from jobs.sending.lanes import Lane
from merchant_api.outbox.models import Audience

IN_ALL = 32
CUSTOMERS = ("customers", "")
SAME_TAG = "tag"  # of one device: what replaces the other goes one after the other
WIDTHS = {"customers": 16, "merchant": 8, "shopper": 4, "person": 6, "device": 4, SAME_TAG: 1, "host": 8, "medium": 24}


def lanes_of(merchant_id: UUID, audience: Audience) -> list[Lane]:
    """The lanes that what a merchant has to say to an audience must find room in."""
    if audience is Audience.MERCHANT:
        return [("merchant", str(merchant_id))]
    return [("shopper", str(merchant_id)), CUSTOMERS]
