"""A push is late when the same device was sent a newer one under its tag; other media are never overtaken."""

from merchant_api.core.ids import new_id
from merchant_api.outbox.models import AddressKind, DeliveryState
from merchant_api.outbox.overtaken import overtaken
from tests.make.outbox import make_delivery


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

    assert overtaken([phone, tablet, mail, told]) == {phone.id}
