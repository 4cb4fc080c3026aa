"""How wide the lanes of deliveries are: for each person, merchant, device, push service and medium.

What goes to customers has lanes of its own everywhere, and never takes more than half of all; what only tells leaves
room for what rings: a ring finds it whatever the phones do. No person fills a merchant's lane alone, and no device
its person's. A device that answers in 100 ms takes 50 messages a second and more.
"""

from uuid import UUID

from jobs.sending.lanes import Lane
from merchant_api.outbox.models import Audience, Delivery

IN_ALL = 48
CUSTOMERS, TELLS = ("customers", ""), ("tells", "")
SAME_TAG = "tag"  # of one device: what replaces the other goes one after the other
WIDTHS = {
    "customers": 20,
    "tells": 32,
    "merchant": 24,
    "shopper": 8,
    "person": 20,
    "device": 16,
    SAME_TAG: 1,
    "host": 24,
    "medium": 40,
}


def lanes_of(merchant_id: UUID, audience: Audience) -> list[Lane]:
    """The lanes that what a merchant has to say to an audience must find room in."""
    if audience is Audience.MERCHANT:
        return [("merchant", str(merchant_id))]
    return [("shopper", str(merchant_id)), CUSTOMERS]


def lanes_of_push(row: Delivery) -> list[Lane]:
    """All lanes in which a push counts, but for its push service's, which its address says."""
    device = f"{row.person_id}:{row.address_id}"
    return [
        *(lanes_of(row.merchant_id, row.audience) if row.audience else ()),
        *(() if row.is_urgent else (TELLS,)),
        ("person", str(row.person_id)),
        ("device", device),
        (SAME_TAG, f"{device}:{row.message['tag']}"),
        ("medium", row.address_kind),
    ]


def parts_of_tag(name: str) -> tuple[str, str, str]:
    """Person, address id and tag of a lane of one tag."""
    device, _, tag = name.rpartition(":")
    person, _, address = device.partition(":")
    return person, address, tag
