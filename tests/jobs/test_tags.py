"""What is shown under one tag: how an order stands, the newest only; and what stands beside it."""

from datetime import timedelta

from sqlalchemy import select

from jobs.timetable import routine
from merchant_api.alerts.models import Notification
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders.steps import cancel, decide
from merchant_api.outbox.models import Delivery, DeliveryState
from tests.make.alerts import make_phone
from tests.make.orders import place_one
from tests.make.outbox import make_delivery
from tests.make.people import make_actor, make_customer, make_member, make_merchant
from tests.make.stock import make_product

MESSAGE = {"type": "order.accepted", "tag": "tag", "title": "T", "body": "B", "data": {}, "is_silent": False}


def make_request(merchant, person=None):
    product = make_product(merchant, on_hand=0)
    return place_one([(product, 1)], make_actor(Role.CUSTOMER, person=person or make_customer(merchant)))


def told(fcm, address):
    return [each.message["data"] for each in fcm.received if each.address == address]


def types(fcm, address):
    return [each["type"] for each in told(fcm, address)]


def test_what_was_missed_takes_the_place_of_the_ring_and_is_not_taken_away(fcm, all_told):
    merchant = make_merchant(respond_window_s=60)
    make_phone(make_member(merchant), "fid-owner")
    order = make_request(merchant)
    all_told()

    with clock.clock.pinned(clock.now() + timedelta(seconds=61)):
        routine("expire_requests").run()
        all_told()

    assert types(fcm, "fid-owner") == ["order.requested", "order.expired"]
    assert {each["tag"] for each in told(fcm, "fid-owner")} == {str(order.id)}


def test_a_request_that_the_customer_cancels_takes_the_place_of_the_ring(fcm, all_told):
    merchant = make_merchant()
    customer = make_customer(merchant)
    make_phone(make_member(merchant), "fid-owner")
    order = make_request(merchant, customer)
    all_told()

    cancel.cancel(merchant.id, order.id, cancel.Cancel("changed my mind"), make_actor(Role.CUSTOMER, person=customer))
    session().commit()
    all_told()

    assert types(fcm, "fid-owner") == ["order.requested", "order.cancelled"]


def test_that_a_courier_is_asked_for_does_not_replace_that_the_order_is_confirmed(fcm, all_told):
    merchant = make_merchant()
    customer = make_customer(merchant)
    make_phone(customer, "fid-customer")

    order = place_one([(make_product(merchant, on_hand=5), 1)], make_actor(Role.CUSTOMER, person=customer))
    all_told()
    with clock.clock.pinned(clock.now() + timedelta(seconds=1)):  # one after the other to one phone
        all_told()

    tags = {each["type"]: each["tag"] for each in told(fcm, "fid-customer")}
    assert tags.keys() == {"order.confirmed", "order.pickup_requested"}
    assert tags["order.confirmed"] == str(order.id)
    assert tags["order.pickup_requested"] != str(order.id)
    assert {each["order_id"] for each in told(fcm, "fid-customer")} == {str(order.id)}


def test_a_member_who_orders_for_himself_is_rung_once(fcm, all_told):
    merchant = make_merchant()
    owner = make_member(merchant)
    make_phone(owner, "fid-owner")

    make_request(merchant, owner)
    all_told()

    (ring,) = told(fcm, "fid-owner")
    assert (ring["audience"], ring["actions"]) == ("merchant", "accept,decline")
    assert len(session().execute(select(Notification)).scalars().all()) == 1


def test_a_member_who_ordered_for_himself_keeps_the_answer_on_his_phone(fcm, all_told):
    merchant = make_merchant()
    owner = make_member(merchant)
    make_phone(owner, "fid-owner")
    order = make_request(merchant, owner)
    all_told()

    decide.accept(merchant.id, order.id, decide.Accept(), make_actor(person=owner))
    session().commit()
    all_told()

    assert "order.withdrawn" not in types(fcm, "fid-owner")
    assert "order.accepted" in types(fcm, "fid-owner")


def test_what_was_overtaken_while_it_waited_is_not_sent_any_more(fcm, all_told):
    merchant = make_merchant()
    make_phone(customer := make_customer(merchant), "fid-customer")
    columns = {"person_id": customer.id, "audience": "customer", "order_id": new_id()}
    later = clock.now() + timedelta(seconds=30)
    waits = make_delivery(merchant.id, message=MESSAGE, attempts=1, due_at=later, **columns)
    beside = make_delivery(merchant.id, message=MESSAGE | {"tag": "beside"}, due_at=later, **columns)
    make_delivery(merchant.id, message=MESSAGE | {"type": "order.paid"}, **columns)
    all_told()

    with clock.clock.pinned(clock.now() + timedelta(seconds=31)):
        all_told()

    assert types(fcm, "fid-customer") == ["order.paid", "order.accepted"]
    ended = {row.id: (row.state, row.attempts) for row in session().execute(select(Delivery)).scalars()}
    assert ended[waits.id] == (DeliveryState.EXPIRED, 1)
    assert ended[beside.id] == (DeliveryState.SENT, 1)
