"""A push is late when its device was sent a newer one of its tag, and waits for an older one near it in line."""

from datetime import timedelta

import pytest

from merchant_api.core import clock
from merchant_api.core.ids import new_id
from merchant_api.outbox.models import AddressKind, DeliveryState
from merchant_api.outbox.overtaken import beside
from tests.make.outbox import make_delivery

LATER = clock.now() + timedelta(days=1)


def test_only_a_newer_push_to_the_same_device_overtakes(database):
    merchant_id = new_id()
    columns = {"order_id": new_id(), "person_id": new_id()}
    phone = make_delivery(merchant_id, **columns)
    tablet = make_delivery(merchant_id, **columns, address_id="tablet")
    mail = make_delivery(merchant_id, **columns, address_kind=AddressKind.MAIL)
    hook = {"order_id": columns["order_id"], "person_id": None, "audience": None, "address_kind": AddressKind.WEBHOOK}
    told = make_delivery(merchant_id, **hook)
    for newer in ({}, {"address_kind": AddressKind.MAIL}):
        make_delivery(merchant_id, **columns, **newer, state=DeliveryState.SENT)
    make_delivery(merchant_id, **hook, state=DeliveryState.SENT)

    assert beside([phone, tablet, mail, told], clock.now()).overtaken == {phone.id}


@pytest.mark.parametrize(
    ("older", "newer", "waits"),
    [
        ({"lease_token": new_id(), "due_at": LATER}, {"is_urgent": True}, True),  # on its way, here or elsewhere
        ({"is_urgent": True}, {"is_urgent": True}, True),  # due, and before it in line
        ({}, {}, True),
        ({}, {"is_urgent": True}, False),  # it stands behind, and will be overtaken
        ({"due_at": LATER}, {}, False),  # it waits for its next try
        ({"state": DeliveryState.SENT}, {}, False),
    ],
)
def test_a_push_waits_for_an_older_one_of_its_tag_that_is_near_it_in_line(database, older, newer, waits):
    merchant_id = new_id()
    columns = {"order_id": new_id(), "person_id": new_id()}
    make_delivery(merchant_id, **columns, **older)
    delivery = make_delivery(merchant_id, **columns, **newer)

    found = beside([delivery], clock.now())

    assert (found.behind == {delivery.id}, found.overtaken) == (waits, set())
