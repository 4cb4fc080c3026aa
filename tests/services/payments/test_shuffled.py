"""Events of a provider twice, shuffled, before the order, during its life, after its end: one final state each time."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from merchant_api.accounts.models import Terms
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders import draft
from merchant_api.orders.models import Order
from merchant_api.payments import receive
from tests.make.money import check_money, end_unpaid, payments_of, refunds_of
from tests.make.orders import place_one
from tests.make.people import make_actor, make_merchant
from tests.make.providers import back, checkout, events_told, incoming, intent, make_provider, stripe_event, try_again
from tests.make.snapshot import check_books
from tests.make.stock import make_product
from tests.services.payments.conftest import PRICE

EXAMPLES = 2000 if os.environ.get("ORDERBELL_TEST_LONG") else 200
START = datetime(2026, 1, 1, tzinfo=UTC)
SELLER = make_actor()
INVOICE = "INV-7"
EVENTS = (
    "paid",
    "paid by checkout",
    "first part back",
    "first part again",
    "rest back",
    "rest failed",
    "little",
    "other",
)
ORDERS = ("waits for money", "has ended", "comes by its id", "comes as prepaid")
LATE_ARRIVALS = ORDERS[2:]


class Story:
    """One order of two mugs, and what a provider tells of it: the first payment whole, a third of it back for good, the
    rest back and then sent back by the bank; and another payment that does not fit.
    """

    def __init__(self, ending: str) -> None:
        self.ending = ending
        self.shop = make_merchant()
        self.provider = make_provider(self.shop)
        self.mug = make_product(self.shop, on_hand=5)
        self.order_id = new_id()
        if ending not in LATE_ARRIVALS:
            self.place()
        named = {"payment_reference": INVOICE} if ending == "comes as prepaid" else {"order_id": str(self.order_id)}
        told = {
            "paid": ("payment_intent.succeeded", intent("pi_1", PRICE, **named)),
            "paid by checkout": ("checkout.session.completed", checkout("pi_1", PRICE, **named)),
            "first part back": ("refund.created", back("re_1", "pi_1", 100_000)),
            "first part again": ("refund.updated", back("re_1", "pi_1", 100_000)),
            "rest back": ("refund.created", back("re_2", "pi_1", 200_000)),
            "rest failed": ("refund.failed", back("re_2", "pi_1", 200_000, "failed")),
            "little": ("payment_intent.succeeded", intent("pi_2", 1, **named)),
            "other": ("payment_intent.created", intent("pi_1", PRICE, **named)),
        }
        self.events = {name: stripe_event(type_, about) for name, (type_, about) in told.items()}

    def place(self) -> None:
        if self.ending == "comes as prepaid":
            self.order_id = place_one([(self.mug, 2)], SELLER, terms=Terms.PREPAID, reference=INVOICE).id
            return
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(draft, "new_id", lambda: self.order_id)  # the events name it before it is there
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
        rows = select(Order).where(Order.merchant_id == self.shop.id).execution_options(populate_existing=True)
        order = session().execute(rows).scalar_one()
        return {
            "order": (order.state.value, order.paid, order.refunded, order.parked, order.refund_due),
            "payments": {
                each.provider_reference: (each.state.value, each.amount, each.refunded, each.parked_reason is None)
                for each in payments_of(self.shop.id)
            },
            "refunds": {each.provider_reference: (each.state.value, each.amount) for each in refunds_of(self.shop.id)},
            "events": set(events_told(self.shop).values()),
        }


def expected(ending: str) -> dict[str, object]:
    """What must come of it, whatever the order of arrival."""
    is_parked = ending == "has ended"
    order = ("cancelled", 0, 0, 2, True) if is_parked else ("confirmed", PRICE, 100_000, 1, False)
    return {
        "order": order,
        "payments": {
            "pi_1": ("parked" if is_parked else "counted", PRICE, 100_000, not is_parked),
            "pi_2": ("parked", 1, 0, False),
        },
        "refunds": {"re_1": ("done", 100_000), "re_2": ("failed", 200_000)},
        "events": {("applied", None)},
    }


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[str, list[str]]:
    """How the order stands, and what happens in which order: every event at least once, some twice, jobs in between."""
    ending = draw(st.sampled_from(ORDERS))
    again = draw(st.lists(st.sampled_from(EVENTS), max_size=4))
    jobs = ["job"] * draw(st.integers(0, 2))
    placing = ["place"] if ending in LATE_ARRIVALS else []
    return ending, draw(st.permutations([*EVENTS, *again, *jobs, *placing]))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(arrivals=arrivals())
def test_whatever_the_order_of_arrival_the_end_is_the_same(database, arrivals):
    ending, happenings = arrivals
    with clock.clock.pinned(START):
        story = Story(ending)
        for name in happenings:
            story.happens(name)
    for minutes in (10, 40, 55):
        with clock.clock.pinned(START + timedelta(minutes=minutes)):
            story.happens("job")

    assert story.ends_as() == expected(ending)
    check_money(story.shop.id)
    check_books(story.shop.id)
