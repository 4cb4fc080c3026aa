"""What is shown where no sender is set up: one line for people, and no address in it."""

from typing import Any

import pytest

from jobs.sending.push_parcel import PushParcel
from merchant_api.alerts.devices import Target
from merchant_api.alerts.models import DeviceKind
from notifications.send import LOGGED, Senders
from tests.make.alerts import make_phone
from tests.make.outbox import make_delivery
from tests.make.people import make_person

PLAIN = {
    "type": "order.requested",
    "tag": "0190b6a1-0000-7000-8000-000000000001",
    "title": "Order\n7K2M",
    "body": "2 × Shawl, NPR 3,000.00. Answer before 14:32 (Kathmandu, UTC+5:45).",
    "data": {"actions": "accept,decline", "audience": "merchant"},
    "is_silent": False,
}


def make_parcel(lines: list[str], kind: DeviceKind = DeviceKind.FCM_FID, **changes: Any) -> PushParcel:
    person = make_person()
    delivery = make_delivery(person.id, person_id=person.id, message=PLAIN | changes)
    target = Target(kind, "secret-address", "p", "a")
    return PushParcel(delivery, make_phone(person), target, Senders(None, None), lines.append, "Binod")


@pytest.mark.parametrize("kind", DeviceKind)
def test_what_no_sender_takes_is_shown_in_one_line_without_the_address(database, kind):
    lines: list[str] = []
    parcel = make_parcel(lines, kind)

    parcel.settle(parcel.send())

    words = "Order 7K2M: 2 × Shawl, NPR 3,000.00. Answer before 14:32 (Kathmandu, UTC+5:45)."
    assert lines == [f"[push] to Binod (merchant, phone): {words} [accept|decline]"]
    assert "secret-address" not in repr(parcel)


def test_a_withdrawal_is_readable(database):
    lines: list[str] = []

    make_parcel(lines, type="order.withdrawn", is_silent=True, data={}).settle(LOGGED)

    assert lines == ["[push] to Binod (, phone): takes the notification back"]
