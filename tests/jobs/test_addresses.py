"""What was on its way when a delivery learned to go to any address: it is carried over, up and down, and arrives."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from merchant_api.core import clock, migrate
from merchant_api.core.db import db, session
from merchant_api.core.embedded.server import USER
from merchant_api.core.ids import new_id
from merchant_api.outbox.models import AddressKind, Delivery, DeliveryState, Medium
from tests.house.sources import ROOT
from tests.make.alerts import make_browser, make_phone
from tests.make.outbox import make_delivery
from tests.make.people import make_customer, make_member, make_merchant
from tests.tenancy import as_role

NUMBER = next((ROOT / "migrations" / "versions").glob("*_addresses.py")).stem[:4]
BEFORE = f"{int(NUMBER) - 1:04}"
MESSAGE = '{"type": "order.paid", "tag": "%s", "title": "T", "body": "B", "data": {}, "is_silent": false}'
OLD_ROW = text(
    "INSERT INTO deliveries (merchant_id, id, event_id, event_type, person_id, audience, medium, installation, "
    "message, state, due_at, expires_at, lease_token, attempts, created_at, ended_at) VALUES (:merchant_id, :id, :id, "
    "'order.paid', :person_id, :audience, :medium, :installation, CAST(:message AS jsonb), :state, :due_at, "
    ":expires_at, :lease_token, :attempts, :due_at, :ended_at)"
)


def url_of(fresh: Flask) -> str:
    """Whoever migrates owns the tables."""
    url = as_role(fresh.extensions["orderbell.settings"].database_url, USER)
    session().close()
    db.engine.dispose()
    return url


def old_row(merchant, person, tag, **columns):
    instant = clock.now()
    columns = {
        "merchant_id": merchant.id,
        "id": new_id(),
        "person_id": person.id,
        "audience": "merchant",
        "medium": "fcm",
        "installation": "phone",
        "message": MESSAGE % tag,
        "state": "pending",
        "due_at": instant,
        "expires_at": instant + timedelta(hours=1),
        "lease_token": None,
        "attempts": 0,
        "ended_at": None,
        **columns,
    }
    session().execute(OLD_ROW, columns)
    session().commit()
    return columns["id"]


def states():
    rows = session().execute(select(Delivery.id, Delivery.state, Delivery.attempts))
    found = {row.id: (row.state, row.attempts) for row in rows}
    session().rollback()
    return found


def test_rows_in_flight_are_carried_over_and_arrive(fresh, fcm, push_service, all_told):
    merchant = make_merchant()
    owner, customer = make_member(merchant), make_customer(merchant)
    make_phone(owner, "fid-owner")
    make_browser(customer, push_service.subscribe())
    migrate.downgrade(url_of(fresh), BEFORE)
    lease_ends = clock.now() + timedelta(seconds=60)
    pending = old_row(merchant, owner, "pending")
    browser = old_row(merchant, customer, "web", audience="customer", medium="web_push", installation="browser")
    leased = old_row(merchant, owner, "leased", due_at=lease_ends, lease_token=new_id(), attempts=1)
    sent = old_row(merchant, owner, "sent", state="sent", attempts=1, ended_at=clock.now())

    migrate.upgrade(url_of(fresh))
    all_told()

    assert states() == {
        pending: (DeliveryState.SENT, 1),
        browser: (DeliveryState.SENT, 1),
        leased: (DeliveryState.PENDING, 1),
        sent: (DeliveryState.SENT, 1),
    }
    with clock.clock.pinned(lease_ends + timedelta(seconds=1)):
        all_told()
    assert states()[leased] == (DeliveryState.SENT, 2)
    assert [each.message["data"]["tag"] for each in fcm.received] == ["pending", "leased"]
    assert [each.payload["data"]["tag"] for each in push_service.received] == ["web"]


def test_rows_in_flight_survive_the_way_back_and_what_older_code_cannot_carry_goes(fresh, fcm, all_told):
    merchant = make_merchant()
    owner = make_member(merchant)
    make_phone(owner, "fid-owner")
    message = {"type": "order.paid", "tag": "t", "title": "T", "body": "B", "data": {}, "is_silent": False}
    push = make_delivery(merchant.id, person_id=owner.id, message=message)
    make_delivery(merchant.id, address_kind=AddressKind.MAIL, address_id="login")

    migrate.downgrade(url_of(fresh), BEFORE)
    rows = session().execute(text("SELECT id, medium, installation, person_id, audience FROM deliveries")).all()
    migrate.upgrade(url_of(fresh))
    all_told()

    assert rows == [(push.id, "fcm", "phone", owner.id, "merchant")]
    assert states() == {push.id: (DeliveryState.SENT, 1)}


def test_an_event_goes_to_an_address_over_a_medium_once(database):
    person, event = new_id(), new_id()
    merchant_id = new_id()
    make_delivery(merchant_id, event_id=event, person_id=person)
    make_delivery(merchant_id, event_id=event, person_id=person, address_id="tablet")
    make_delivery(merchant_id, event_id=event, person_id=person, address_kind=AddressKind.MAIL)

    with pytest.raises(IntegrityError, match="uq_deliveries_address"):
        make_delivery(merchant_id, event_id=event, person_id=person, address_kind=AddressKind.WEB_PUSH)


def test_an_event_goes_to_a_webhook_once_though_nobody_reads_there(database):
    hook = {"person_id": None, "audience": None, "address_kind": AddressKind.WEBHOOK, "address_id": str(new_id())}
    merchant_id, event = new_id(), new_id()
    make_delivery(merchant_id, event_id=event, **hook)

    with pytest.raises(IntegrityError, match="uq_deliveries_address"):
        make_delivery(merchant_id, event_id=event, **hook)


@pytest.mark.parametrize(
    ("columns", "check"),
    [
        ({"address_kind": AddressKind.WEBHOOK}, "webhooks_have_no_reader"),
        ({"person_id": None, "audience": None}, "webhooks_have_no_reader"),
        ({"audience": None}, "a_reader_is_of_an_audience"),
        ({"medium": Medium.MAIL}, "medium_of_its_address"),
    ],
)
def test_the_database_ties_the_reader_and_the_medium_to_the_kind_of_address(database, columns, check):
    with pytest.raises(IntegrityError, match=f"ck_deliveries_{check}"):
        make_delivery(new_id(), **columns)


def test_every_kind_of_address_has_one_medium():
    assert {kind: kind.medium for kind in AddressKind} == {
        AddressKind.FCM: Medium.PUSH,
        AddressKind.WEB_PUSH: Medium.PUSH,
        AddressKind.MAIL: Medium.MAIL,
        AddressKind.WEBHOOK: Medium.WEBHOOK,
    }
