"""From the event to the phone: who is rung, with what, and what becomes of it."""

from datetime import timedelta

from sqlalchemy import select

from jobs.telling import fan_out
from merchant_api.accounts.models import MemberRole
from merchant_api.alerts import devices
from merchant_api.alerts.devices import Target
from merchant_api.alerts.models import Device, DeviceKind, Notification
from merchant_api.core import clock, metrics
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.schema import rfc3339
from merchant_api.orders.states import State
from merchant_api.orders.steps import decide
from merchant_api.outbox.models import Attempt, Delivery, DeliveryState, Event, EventState
from tests.fakes.fcm import SENDER_ID_MISMATCH, UNREGISTERED, Answer
from tests.make.alerts import make_browser, make_phone
from tests.make.orders import make_order, place_one
from tests.make.outbox import make_event
from tests.make.people import make_actor, make_customer, make_member, make_merchant
from tests.make.stock import make_product


def make_request(merchant, customer=None):
    person = customer or make_customer(merchant)
    product = make_product(merchant, on_hand=0)
    return place_one([(product, 2)], make_actor(Role.CUSTOMER, person=person))


def states(event_type):
    rows = select(Delivery.state).where(Delivery.event_type == event_type).order_by(Delivery.id)
    return list(session().execute(rows).scalars())


def pushes(outcome):
    """How many deliveries by FCM the figures count with this outcome."""
    return metrics.registry().get_sample_value("orderbell_pushes_total", {"medium": "fcm", "outcome": outcome}) or 0


def types(received):
    return sorted((each.address, each.message["data"]["type"]) for each in received)


def test_a_request_rings_every_phone_of_every_member_and_can_be_answered_from_it(fcm, all_told):
    merchant = make_merchant()
    owner, clerk = make_member(merchant), make_member(merchant, MemberRole.CLERK, "Dipa")
    make_phone(owner, "fid-owner")
    make_phone(owner, "fid-tablet", "tablet")
    make_phone(clerk, "fid-clerk")

    order = make_request(merchant)
    all_told()

    assert types(fcm.received) == [(fid, "order.requested") for fid in ("fid-clerk", "fid-owner", "fid-tablet")]
    message = fcm.received[0].message
    assert message["data"]["order_id"] == str(order.id)
    assert message["data"]["merchant_id"] == str(merchant.id)
    assert message["data"]["actions"] == "accept,decline"
    assert order.code in message["notification"]["title"]
    assert 1700 < int(message["android"]["ttl"].removesuffix("s")) <= 1800
    assert states("order.requested") == [DeliveryState.SENT] * 3


def test_a_browser_is_reached_without_any_account_at_google(fcm, push_service, all_told):
    merchant = make_merchant()
    make_browser(make_member(merchant), push_service.subscribe())

    order = make_request(merchant)
    all_told()

    (pushed,) = push_service.received
    assert pushed.payload["data"]["order_id"] == str(order.id)
    assert fcm.received == []


def test_who_has_no_device_reads_it_in_the_app_in_his_language(fresh, all_told):
    merchant = make_merchant(locale="ne")
    owner, customer = make_member(merchant), make_customer(merchant)
    customer.locale = "en"
    session().commit()

    make_request(merchant, customer)
    all_told()

    told = {row.person_id: row for row in session().execute(select(Notification)).scalars()}
    assert set(told) == {owner.id, customer.id}
    assert "sent to the merchant" in told[customer.id].title
    assert told[owner.id].title.isascii() is False
    assert session().execute(select(Event.state)).scalars().all() == [EventState.DONE]


def test_a_message_has_the_instants_that_its_words_tell_on_the_phone_and_in_the_app(fcm, all_told):
    merchant = make_merchant(time_zone="America/Vancouver")
    owner = make_member(merchant)
    make_phone(owner, "fid-owner")

    order = make_request(merchant)
    all_told()

    pushed = fcm.received[0].message
    in_app = session().execute(select(Notification).where(Notification.person_id == owner.id)).scalar_one()
    for data in (pushed["data"], in_app.data):
        assert (data["respond_by"], data["merchant_time_zone"]) == (rfc3339(order.respond_by), "America/Vancouver")
    assert "(Vancouver, UTC-7)" in pushed["notification"]["body"]
    assert in_app.body == pushed["notification"]["body"]


def test_the_customer_is_told_the_answer_and_the_merchants_phones_forget_the_request(fcm, all_told):
    merchant = make_merchant()
    owner, customer = make_member(merchant), make_customer(merchant)
    make_phone(owner, "fid-owner")
    make_phone(customer, "fid-customer")
    order = make_request(merchant, customer)
    all_told()
    fcm.received.clear()

    decide.accept(merchant.id, order.id, decide.Accept(), make_actor(person=owner))
    session().commit()
    all_told()

    assert types(fcm.received) == [("fid-customer", "order.accepted"), ("fid-owner", "order.withdrawn")]
    withdrawn = next(each.message for each in fcm.received if each.address == "fid-owner")
    assert "notification" not in withdrawn
    assert withdrawn["data"]["silent"] == "true"
    assert withdrawn["data"]["tag"] == str(order.id)


def test_a_request_that_is_over_before_it_was_sent_rings_nobody(fcm, all_told):
    merchant = make_merchant()
    owner = make_member(merchant)
    make_phone(owner, "fid-owner")
    order = make_request(merchant)
    fan_out.run()

    decide.decline(merchant.id, order.id, decide.Decline(decide.DeclineReason.TOO_BUSY), make_actor(person=owner))
    session().commit()
    all_told()

    assert fcm.received == []
    assert states("order.requested") == [DeliveryState.EXPIRED]


def test_a_request_that_is_over_before_it_was_fanned_out_rings_nobody(fcm, all_told):
    merchant = make_merchant()
    make_phone(make_member(merchant), "fid-owner")

    make_order(State.DECLINED, [(make_product(merchant, on_hand=0), 1)])
    all_told()

    assert fcm.received == []


def test_a_message_whose_moment_has_passed_is_not_sent(fcm, all_told):
    merchant = make_merchant(respond_window_s=60)
    make_phone(make_member(merchant), "fid-owner")
    make_request(merchant)
    fan_out.run()

    with clock.clock.pinned(clock.now() + timedelta(seconds=61)):
        all_told()

    assert fcm.received == []
    assert states("order.requested") == [DeliveryState.EXPIRED]


def test_a_push_service_that_is_busy_is_asked_again_after_the_time_it_named(fcm, all_told):
    merchant = make_merchant()
    make_phone(make_member(merchant), "fid-owner")
    fcm.queue.append(Answer(429, "QUOTA_EXCEEDED", retry_after="30"))

    make_request(merchant)
    all_told()
    assert states("order.requested") == [DeliveryState.PENDING]
    with clock.clock.pinned(clock.now() + timedelta(seconds=29)):
        all_told()
    assert len(fcm.received) == 1
    with clock.clock.pinned(clock.now() + timedelta(seconds=32)):
        all_told()

    assert states("order.requested") == [DeliveryState.SENT]
    attempts = session().execute(select(Attempt.outcome).order_by(Attempt.number)).scalars().all()
    assert attempts == ["later", "sent"]
    assert len({each.message["data"]["id"] for each in fcm.received}) == 1


def test_a_dead_address_is_dropped(fcm, all_told):
    merchant = make_merchant()
    make_phone(make_member(merchant), "fid-dead")
    fcm.by_prefix["fid-dead"] = UNREGISTERED
    before = pushes("gone")

    make_request(merchant)
    all_told()

    assert session().execute(select(Device)).scalars().all() == []
    assert states("order.requested") == [DeliveryState.GONE]
    assert pushes("gone") == before + 1


def test_an_address_that_was_registered_anew_meanwhile_is_kept(fresh):
    person = make_member(make_merchant())
    as_sent_to = make_phone(person, "fid-back-again")
    session().expunge(as_sent_to)
    devices.register(person.id, "phone", Target(DeviceKind.FCM_FID, "fid-back-again"))
    session().commit()

    assert not devices.drop_if_unchanged(as_sent_to)
    assert len(devices.of_person(person.id)) == 1


def test_an_address_of_another_project_is_kept_and_the_delivery_shown_as_refused(fcm, all_told):
    merchant = make_merchant()
    make_phone(make_member(merchant), "fid-other")
    fcm.by_prefix["fid-other"] = SENDER_ID_MISMATCH

    make_request(merchant)
    all_told()

    assert len(session().execute(select(Device)).scalars().all()) == 1
    assert states("order.requested") == [DeliveryState.REFUSED]


def test_a_delivery_to_a_device_that_was_removed_ends_as_gone(fcm, all_told):
    merchant = make_merchant()
    owner = make_member(merchant)
    make_phone(owner)
    make_request(merchant)
    fan_out.run()

    devices.unregister(owner.id, "phone")
    session().commit()
    all_told()

    assert states("order.requested") == [DeliveryState.GONE]
    assert fcm.received == []


def test_an_event_that_cannot_be_fanned_out_waits_and_the_others_go_on(fcm, all_told):
    merchant = make_merchant()
    make_phone(make_member(merchant))
    broken = make_event(merchant.id, type="order.declined", payload={"v": 1})
    counted = ("orderbell_job_rows_total", {"job": "fan_out", "result": "bad"})
    before = metrics.registry().get_sample_value(*counted) or 0

    make_request(merchant)
    all_told()

    assert len(fcm.received) == 1
    waiting = session().get(Event, (merchant.id, broken.id), populate_existing=True)
    assert (waiting.state, waiting.attempts, waiting.lease_token) == (EventState.PENDING, 1, None)
    assert metrics.registry().get_sample_value(*counted) == before + 1


def test_an_event_is_fanned_out_once_however_often_it_runs(fresh):
    merchant = make_merchant()
    make_member(merchant)
    make_request(merchant)

    done = [fan_out.run().done for _ in range(3)]

    assert done == [1, 0, 0]
    assert len(session().execute(select(Notification)).scalars().all()) == 2
