"""What a person was told, over HTTP."""

from datetime import timedelta

from sqlalchemy import select

from merchant_api.alerts.models import Notification
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.outbox.models import AddressKind, DeliveryState
from tests.make.outbox import make_delivery
from tests.make.people import make_person, saved
from tests.make.tokens import bearer, make_token


def make_notification(person, **columns):
    columns = {"merchant_id": new_id(), "type": "order.requested", "order_id": new_id(), "seen_at": None, **columns}
    row = Notification(
        id=new_id(),
        person_id=person.id,
        event_id=new_id(),
        title="Order 7K2M",
        body="2 × Shawl",
        data={"respond_by": "2026-11-22T08:47:00Z"},
        created_at=clock.now(),
        expires_at=None,
        **columns,
    )
    return saved(row)


def test_a_person_reads_what_he_was_told_over_all_merchants_newest_first(client):
    person, other = make_person(), make_person()
    first, second = make_notification(person), make_notification(person)
    make_notification(other)
    headers = bearer(make_token(person))

    page = client.get("/v1/me/notifications?limit=1", headers=headers).json
    rest = client.get(f"/v1/me/notifications?limit=1&cursor={page['next']}", headers=headers).json

    assert [each["id"] for each in page["items"] + rest["items"]] == [str(second.id), str(first.id)]
    assert rest["next"] is None
    shown = page["items"][0]
    assert shown["merchant_id"] == str(second.merchant_id)
    assert shown["order_id"] == str(second.order_id)
    assert (shown["type"], shown["title"], shown["body"]) == ("order.requested", "Order 7K2M", "2 × Shawl")
    assert shown["data"] == {"respond_by": "2026-11-22T08:47:00Z"}
    assert shown["seen_at"] is None


def test_a_notification_says_how_it_went_to_each_device(client):
    person = make_person()
    told = make_notification(person)
    whose = {
        "order_id": told.order_id,
        "notification_id": told.id,
        "person_id": person.id,
    }
    make_delivery(told.merchant_id, **whose, state=DeliveryState.SENT)
    make_delivery(told.merchant_id, **whose, address_kind=AddressKind.WEB_PUSH, address_id="browser")

    (shown,) = client.get("/v1/me/notifications", headers=bearer(make_token(person))).json["items"]

    assert shown["deliveries"] == [{"medium": "fcm", "state": "sent"}, {"medium": "web_push", "state": "pending"}]


def test_the_first_receipt_counts(client):
    person = make_person()
    told = make_notification(person)
    headers = bearer(make_token(person))
    seen_at = clock.now()

    with clock.clock.pinned(seen_at):
        assert client.post(f"/v1/me/notifications/{told.id}/seen", headers=headers).status_code == 204
    with clock.clock.pinned(seen_at + timedelta(minutes=1)):
        assert client.post(f"/v1/me/notifications/{told.id}/seen", headers=headers).status_code == 204

    assert session().execute(select(Notification.seen_at)).scalar_one() == seen_at


def test_somebody_elses_notification_does_not_exist(client):
    told = make_notification(make_person())
    headers = bearer(make_token(make_person()))

    strange = client.post(f"/v1/me/notifications/{told.id}/seen", headers=headers)
    unknown = client.post(f"/v1/me/notifications/{new_id()}/seen", headers=headers)

    assert (strange.status_code, unknown.status_code) == (404, 404)
    assert session().execute(select(Notification.seen_at)).scalar_one() is None
