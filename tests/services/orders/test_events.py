"""What each step tells: one event of its type with a frozen payload, and no people's data in it."""

import json

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.orders import find
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import CustomerWanted, LineWanted, Placement
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel, decide
from tests.make.orders import events_of, make_order, place_one, sweep_overdue
from tests.make.people import make_actor, make_merchant
from tests.make.stock import make_product

KEYS = {
    "v",
    "order_id",
    "code",
    "state",
    "mode",
    "terms",
    "total",
    "respond_by",
    "pay_by",
    "placed_at",
    "ready_at",
    "confirmed_at",
    "pickup_asked_at",
    "reason",
    "note",
    "left_to_pay",
    "refund_due",
    "refund_owed",
    "cancel_respond_by",
    "was_cancel_requested",
    "customer_id",
    "merchant_name",
    "merchant_locale",
    "merchant_time_zone",
    "was_requested",
    "actor",
    "lines",
}
CONFIRMED = ["order.confirmed", "order.pickup_requested"]
ASKED_FIRST = ["order.requested", "order.accepted", "order.paid", "order.pickup_requested"]


@pytest.mark.parametrize(
    ("on_hand", "state", "types"),
    [
        (9, State.CONFIRMED, CONFIRMED),
        (9, State.AWAITING_PAYMENT, ["order.awaiting_payment"]),
        (9, State.PICKED_UP, [*CONFIRMED, "order.picked_up"]),
        (9, State.DELIVERED, [*CONFIRMED, "order.picked_up", "order.delivered"]),
        (9, State.CANCELLED, [*CONFIRMED, "order.cancelled"]),
        (0, State.REQUESTED, ["order.requested"]),
        (0, State.AWAITING_PAYMENT, ["order.requested", "order.accepted"]),
        (0, State.CONFIRMED, ASKED_FIRST),
        (0, State.DECLINED, ["order.requested", "order.declined"]),
        (0, State.EXPIRED, ["order.requested", "order.expired"]),
    ],
)
def test_every_step_tells_of_itself_in_its_order(database, on_hand, state, types):
    order = make_order(state, [(make_product(on_hand=on_hand), 2)])

    events = events_of(order)

    assert [event.type for event in events] == types
    assert all(set(event.payload) - {"payment"} == KEYS and event.payload["v"] == 1 for event in events)
    assert {event.type for event in events if "payment" in event.payload} <= {"order.paid"}
    assert events[-1].payload["state"] == state.value


def test_a_payload_says_what_a_message_needs(database):
    merchant = make_merchant(name="Crafts", locale="ne", time_zone="Asia/Kathmandu")
    product = make_product(merchant, on_hand=0)

    order = place_one([(product, 5)])

    said = events_of(order)[0].payload
    assert (said["merchant_name"], said["merchant_locale"], said["merchant_time_zone"]) == (
        "Crafts",
        "ne",
        "Asia/Kathmandu",
    )
    line = {"product_id": str(product.id), "sku": product.sku, "name": product.name, "quantity": 5}
    assert said["lines"] == [line | {"verdict": "ask", "verdict_code": "stock"}]
    assert (said["total"], said["mode"]) == ({"amount": 750_000, "currency": "NPR"}, "on_request")
    assert (said["order_id"], said["customer_id"]) == (str(order.id), str(order.customer_id))
    assert said["respond_by"].endswith("Z")


def test_events_name_nobody(database):
    merchant = make_merchant()
    product = make_product(merchant, on_hand=0)
    customer = make_actor(Role.CUSTOMER)
    secret = ("Chandra Surname", "+9779800000000", "chandra@example.com", "behind the temple")
    wanted = Placement(
        lines=(LineWanted(product.id, 2),),
        customer=CustomerWanted(customer.person_id, secret[0], secret[1], secret[2]),
        actor=customer,
        is_limited=True,
        note=secret[3],
        deliver_to={"address": secret[3]},
    )
    order = place(merchant.id, [wanted])[0].view.order
    decide.accept(merchant.id, order.id, decide.Accept(), make_actor())
    session().commit()

    said = json.dumps([event.payload for event in events_of(order)])

    assert [word for word in secret if word in said] == []
    assert set(events_of(order)[0].payload["actor"]) == {"kind", "id"}


@pytest.mark.parametrize("state", [State.AWAITING_PAYMENT, State.DECLINED, State.EXPIRED])
def test_the_step_that_ends_a_request_says_that_it_was_one(database, state):
    order = make_order(state, [(make_product(on_hand=0), 2)])

    assert [event.payload["was_requested"] for event in events_of(order)] == [False, True]


def test_a_withdrawn_request_says_that_it_was_one(database):
    customer = make_actor(Role.CUSTOMER)
    order = place_one([(make_product(on_hand=0), 2)], customer)

    cancel.cancel(order.merchant_id, order.id, cancel.Cancel("found another"), customer)
    session().commit()

    last = events_of(order)[-1]
    assert (last.type, last.payload["was_requested"]) == ("order.cancelled", True)


@pytest.mark.parametrize("on_hand", [0, 9])
def test_an_order_that_was_confirmed_says_since_when(database, on_hand):
    order = make_order(State.CONFIRMED, [(make_product(on_hand=on_hand), 2)])

    told = [event.payload for event in events_of(order) if event.payload["state"] == "confirmed"]

    assert len(told) == 2
    assert all(payload["confirmed_at"] is not None for payload in told)


def test_an_accepted_request_with_nothing_to_pay_says_that_it_is_confirmed(database):
    order = place_one([(make_product(on_hand=0), 2)], make_actor(), terms=Terms.ON_DELIVERY)
    decide.accept(order.merchant_id, order.id, decide.Accept(), make_actor())
    session().commit()

    accepted = events_of(order)[1]

    assert (accepted.type, accepted.payload["state"]) == ("order.accepted", "confirmed")
    assert accepted.payload["confirmed_at"] is not None


def test_an_accepted_request_says_until_when_to_pay(database):
    order = make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=0), 2)])

    assert events_of(order)[-1].payload["pay_by"] == f"{order.pay_by:%Y-%m-%dT%H:%M:%S.%fZ}"


def test_an_overdue_order_says_why_it_was_cancelled(database):
    order = make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=9), 2)])

    with clock.clock.pinned(order.sweep_at):
        sweep_overdue(order)

    last = events_of(order)[-1]
    assert (last.type, last.payload["reason"], last.payload["state"]) == (
        "order.cancelled",
        "payment_overdue",
        "cancelled",
    )


@pytest.mark.parametrize(
    ("on_hand", "when_short", "tracked", "verdict", "reason"),
    [
        (9, WhenShort.ASK, True, "covered", "5 wanted, 9 available"),
        (2, WhenShort.ASK, True, "ask", "5 wanted, 2 available"),
        (2, WhenShort.BACKORDER, True, "backorder", "5 wanted, 2 available: 3 on backorder"),
        (0, WhenShort.ASK, False, "covered", "not tracked: always available"),
    ],
)
def test_each_line_keeps_the_sentence_why_it_went_as_it_went(database, on_hand, when_short, tracked, verdict, reason):
    product = make_product(on_hand=on_hand, when_short=when_short, is_tracked=tracked)

    order = place_one([(product, 5)])

    line = find.order(order.merchant_id, order.id, make_actor()).lines[0].row
    assert (line.verdict, str(line.verdict_reason)) == (verdict, reason)
