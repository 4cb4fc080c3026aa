"""Events and deliveries."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from merchant_api.core import clock
from merchant_api.core.ids import new_id
from merchant_api.outbox.models import AddressKind, Audience, Delivery, DeliveryState, Event, EventState
from tests.make.people import saved


def make_event(merchant_id: UUID, **columns: Any) -> Event:
    """An event that is due now."""
    columns = {
        "id": new_id(),
        "type": "order.confirmed",
        "order_id": new_id(),
        "payload": {"v": 1},
        "state": EventState.PENDING,
        "due_at": clock.now(),
        "lease_token": None,
        "attempts": 0,
        **columns,
    }
    return saved(Event(merchant_id=merchant_id, happened_at=clock.now(), **columns))


def make_delivery(merchant_id: UUID, **columns: Any) -> Delivery:
    """A delivery that is due now and has a point for an hour."""
    columns = {
        "id": new_id(),
        "event_id": new_id(),
        "event_type": "order.confirmed",
        "order_id": new_id(),
        "notification_id": None,
        "person_id": new_id(),
        "audience": Audience.MERCHANT,
        "address_kind": AddressKind.FCM,
        "address_id": "phone",
        "message": {"type": "order.confirmed", "tag": "tag", "title": "Title", "body": "Body", "data": {}},
        "state": DeliveryState.PENDING,
        "due_at": clock.now(),
        "expires_at": clock.now() + timedelta(hours=1),
        "lease_token": None,
        "attempts": 0,
        "ended_at": None,
        **columns,
    }
    columns = {"medium": columns["address_kind"].medium, **columns}
    return saved(Delivery(merchant_id=merchant_id, created_at=clock.now(), **columns))
