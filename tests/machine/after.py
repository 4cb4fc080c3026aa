"""The machine's rules for what comes after the sale: parts cancelled, wishes to cancel, returns."""

from hypothesis import strategies as st

from merchant_api.core.actor import Role, job
from merchant_api.orders.due import refuse_cancels
from merchant_api.orders.states import Condition
from merchant_api.orders.steps import cancel, cancel_request, returns
from merchant_api.orders.steps.cancel_request import Grant
from merchant_api.orders.steps.reduce import Part
from merchant_api.orders.steps.returns import Back
from tests.make.people import make_actor

ANY = 6
which = st.integers(0, ANY)  # counted from the newest order that the step fits
JOB, SELLER = job("machine"), make_actor()
CUSTOMERS = [make_actor(Role.CUSTOMER) for _ in range(4)]

GIVEN = {
    "reduce": {
        "number": which,
        "units": st.lists(st.integers(0, 4), min_size=3, max_size=3),
        "by_customer": st.booleans(),
        "restock": st.sampled_from([None, None, None, False]),
    },
    "finish": {"number": which},
    "ask_cancel": {"number": which, "seconds": st.sampled_from([0, 1800, 1800])},
    "answer_wish": {"number": which, "is_granted": st.booleans()},
    "give_back": {
        "number": which,
        "line": st.integers(0, 2),
        "units": st.integers(1, 4),
        "is_damaged": st.booleans(),
    },
}
OFTEN = [*["reduce", "give_back", "ask_cancel", "answer_wish"] * 2, "finish"]
FITTING = {
    "reduce": lambda order: order.state in ("requested", "awaiting_payment", "confirmed"),
    "finish": lambda order: order.state == "confirmed",
    "ask_cancel": lambda order: order.state == "confirmed" and not order.has_asked,
    "answer_wish": lambda order: order.wish_by is not None,
    "give_back": lambda order: order.state == "delivered",
}


class AfterTheSale:
    """Rules of a machine that has `shop`, `merchant_id`, `pick` and `compare`."""

    def reduce(self, number, units, by_customer, restock):
        order, order_id = self.pick(number, "reduce")
        parts = {n: wanted for n, wanted in enumerate(units[: len(order.lines)]) if wanted}
        if not parts:
            return
        wish = cancel.Cancel("machine", restock, [Part(n, wanted) for n, wanted in parts.items()])
        actor = CUSTOMERS[order.who] if by_customer else SELLER
        expected = self.shop.reduce(order, parts, by_customer=by_customer, restock=restock)
        self.compare(lambda: cancel.cancel(self.merchant_id, order_id, wish, actor), expected)

    def finish(self, number):
        """On to the customer, with the courier or without."""
        if self.pick(number, "finish")[0].by_courier:
            self.pick_up(number, also_owed=True)
        self.deliver(number, also_owed=True)

    def ask_cancel(self, number, seconds):
        self.shop.now += seconds
        order, order_id = self.pick(number, "ask_cancel")
        expected = self.shop.ask_cancel(order)
        self.compare(lambda: cancel_request.ask(self.merchant_id, order_id, "machine", CUSTOMERS[order.who]), expected)

    def answer_wish(self, number, is_granted):
        order, order_id = self.pick(number, "answer_wish")
        expected = self.shop.answer_wish(order, is_granted=is_granted)
        if is_granted:
            self.compare(lambda: cancel_request.grant(self.merchant_id, order_id, Grant(), SELLER), expected)
        else:
            self.compare(lambda: cancel_request.refuse(self.merchant_id, order_id, None, SELLER), expected)

    def give_back(self, number, line, units, is_damaged):
        order, order_id = self.pick(number, "give_back")
        place = line % len(order.lines)
        back = Back(place, units, Condition.DAMAGED if is_damaged else Condition.RESELLABLE)
        expected = self.shop.give_back(order, place, units, is_damaged=is_damaged)
        self.compare(lambda: returns.give_back(self.merchant_id, order_id, [back], SELLER), expected)

    def sweep_wishes(self):
        self.shop.sweep_wishes()
        due = refuse_cancels.DUE.ids(self.merchant_id, self.instant, 100)
        self.compare(lambda: refuse_cancels.run(self.merchant_id, due, JOB), "ok")
