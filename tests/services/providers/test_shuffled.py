"""Events of a provider twice, shuffled, before the order, during its life, after its end: one final state each time."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from merchant_api.accounts.models import Terms
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders.models import Order
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.orders.place import order_row
from merchant_api.orders.states import RefundState
from merchant_api.providers import receive
from tests.make.money import check_money, end_unpaid
from tests.make.orders import place_one
from tests.make.people import make_actor, make_merchant
from tests.make.providers import (
    back,
    charge,
    checkout,
    events_told,
    incoming,
    intent,
    make_provider,
    stripe_event,
    try_again,
)
from tests.make.snapshot import check_books
from tests.make.stock import make_product
from tests.services.providers.conftest import PRICE

EXAMPLES = 2000 if os.environ.get("ORDERBELL_TEST_LONG") else 60
START = datetime(2026, 1, 1, tzinfo=UTC)
SELLER = make_actor()
EVENTS = (
    "paid",
    "paid by checkout",
    "first part back",
    "first part again",
    "rest back",
    "rest failed",
    "first in all",
    "both in all",
    "little",
    "other",
)
SECONDS = {"first part back": 1, "first in all": 2, "rest back": 3, "both in all": 4, "rest failed": 5}
ORDERS = ("waits for money", "has ended", "comes by its id", "comes as prepaid")
LATE_ARRIVALS = ORDERS[2:]


@dataclass
class Town:
    """A merchant with Stripe and plenty of mugs, for all stories."""

    shop: Any = field(default_factory=make_merchant)

    def __post_init__(self) -> None:
        self.provider = make_provider(self.shop)
        self.mug = make_product(self.shop, on_hand=1_000_000)


class Story:
    """One order of two mugs, and what a provider tells of it: the first payment whole, a third of it back for good, the
    rest back and then sent back by the bank; and another payment, which is too much.
    """

    def __init__(self, town: Town, ending: str) -> None:
        self.ending = ending
        self.shop, self.provider, self.mug = town.shop, town.provider, town.mug
        self.order_id = new_id()
        self.first, self.second, self.part, self.rest = (f"{word}_{self.order_id}" for word in ("p1", "p2", "r1", "r2"))
        if ending not in LATE_ARRIVALS:
            self.place()
        named = {"order_id": str(self.order_id)}
        if ending == "comes as prepaid":
            named = {"payment_reference": f"INV {self.order_id}"}
        told = {
            "paid": ("payment_intent.succeeded", intent(self.first, PRICE, **named)),
            "paid by checkout": ("checkout.session.completed", checkout(self.first, PRICE, **named)),
            "first part back": ("refund.created", back(self.part, self.first, 100_000)),
            "first part again": ("refund.updated", back(self.part, self.first, 100_000)),
            "rest back": ("refund.created", back(self.rest, self.first, 200_000)),
            "rest failed": ("refund.failed", back(self.rest, self.first, 200_000, "failed")),
            "first in all": ("charge.refunded", charge(self.first, PRICE, 100_000)),
            "both in all": ("charge.refunded", charge(self.first, PRICE, PRICE)),
            "little": ("payment_intent.succeeded", intent(self.second, 1, **named)),
            "other": ("payment_intent.created", intent(self.first, PRICE, **named)),
        }
        self.events = {
            name: stripe_event(type_, about, created=int(START.timestamp()) + SECONDS.get(name, 0))
            for name, (type_, about) in told.items()
        }

    def place(self) -> None:
        if self.ending == "comes as prepaid":
            reference = f"INV {self.order_id}"
            self.order_id = place_one([(self.mug, 2)], SELLER, terms=Terms.PREPAID, reference=reference).id
            return
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(order_row, "new_id", lambda: self.order_id)  # the events name it before it is there
            order = place_one([(self.mug, 2)], terms=Terms.AFTER_ACCEPTANCE)
        if self.ending == "has ended":
            end_unpaid(order)

    def happens(self, name: str) -> None:
        if name == "place":
            self.place()
        elif name == "job":
            try_again(self.shop)
        else:
            receive.receive(self.shop.id, self.provider.id, incoming(self.events[name]))
            session().commit()

    def ends_as(self) -> dict[str, object]:
        session().rollback()
        order = session().get(Order, (self.shop.id, self.order_id), populate_existing=True)
        return {
            "order": (order.state.value, order.paid, order.refunded, order.parked, order.refund_due),
            "payments": {
                each.provider_reference[:2]: (each.state.value, each.amount, each.refunded, each.parked_reason is None)
                for each in self.rows_of(Payment)
            },
            "refunds": {
                each.provider_reference[:2]: (each.state.value, each.amount)
                for each in self.rows_of(Refund)
                if each.state is not RefundState.REPLACED
            },
            "events": set(events_told(self.shop, [event["id"] for event in self.events.values()]).values()),
        }

    def rows_of(self, model):
        rows = select(model).where(model.merchant_id == self.shop.id, model.order_id == self.order_id)
        return session().execute(rows.execution_options(populate_existing=True)).scalars().all()


def expected(ending: str) -> dict[str, object]:
    """What must come of it, whatever the order of arrival."""
    is_parked = ending == "has ended"
    order = ("cancelled", 0, 0, 2, True) if is_parked else ("confirmed", PRICE + 1, 100_000, 0, False)
    return {
        "order": order,
        "payments": {
            "p1": ("parked" if is_parked else "counted", PRICE, 100_000, not is_parked),
            "p2": ("parked" if is_parked else "counted", 1, 0, not is_parked),
        },
        "refunds": {"r1": ("done", 100_000), "r2": ("failed", 200_000)},
        "events": {("applied", None)},
    }


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[str, list[str]]:
    """How the order stands, and what happens in which order: every event at least once, some twice, jobs in between."""
    ending = draw(st.sampled_from(ORDERS))
    again = draw(st.lists(st.sampled_from(EVENTS), max_size=3))
    jobs = ["job"] * draw(st.integers(0, 1))
    placing = ["place"] if ending in LATE_ARRIVALS else []
    return ending, draw(st.permutations([*EVENTS, *again, *jobs, *placing]))


@pytest.fixture
def town(database):
    with clock.clock.pinned(START):
        town = Town(make_merchant(unpaid_orders_cap=0))
    yield town
    check_money(town.shop.id)
    check_books(town.shop.id)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(arrivals=arrivals())
def test_whatever_the_order_of_arrival_the_end_is_the_same(town, arrivals):
    ending, happenings = arrivals
    with clock.clock.pinned(START):
        story = Story(town, ending)
        for name in happenings:
            story.happens(name)
    for minutes in (10, 40, 55):
        with clock.clock.pinned(START + timedelta(minutes=minutes)):
            story.happens("job")

    assert story.ends_as() == expected(ending)
