"""The half of the machine that trades: the real verbs of orders beside those of the model, and how they compare."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import Fulfilment, WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import Role, job
from merchant_api.core.db import in_transaction, session
from merchant_api.core.errors import Refusal
from merchant_api.core.money import Money
from merchant_api.core.tenancy import of
from merchant_api.orders.due import settle_stock
from merchant_api.orders.money import pay
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import CustomerWanted, LineWanted, Placement, Refused
from merchant_api.orders.steps import allocate, cancel, pickup
from merchant_api.stock import places
from merchant_api.stock.models import Grade, Hold, Location
from merchant_api.stock.places import Place
from merchant_api.stock.sessions import start
from merchant_api.stock.states import HoldState
from tests.machine.sessions import looks
from tests.machine.sessions.model import Shop
from tests.machine.sessions.steps import GOODS, STEPS, fitting
from tests.machine.sessions.things import PLACES
from tests.machine.sessions.trade import NOT_THERE
from tests.make.people import make_actor, make_merchant
from tests.make.stock import make_product

START = datetime(2026, 1, 1, tzinfo=UTC)
JOB, SELLER, CUSTOMER = job("machine"), make_actor(), make_actor(Role.CUSTOMER)
ALL_THERE = pickup.HandOver()
PRICE = 100
REAL = {
    "mug": {"when_short": WhenShort.BACKORDER},
    "pin": {"when_short": WhenShort.REFUSE, "fulfilment": Fulfilment.NONE},
}
told = Counter()  # how often each step met what, over all stories; what was found right after promotions


class Trading(RuleBasedStateMachine):
    """One merchant with two products in two locations and two grades; every rule acts on both sides and compares."""

    @initialize(amounts=st.tuples(st.integers(0, 20), st.integers(0, 20)))
    def open(self, amounts):
        self.shop, self.seconds, self.references = Shop(dict(GOODS)), 0, 0
        self.orders, self.rows = [], []
        with clock.clock.pinned(START):
            merchant = make_merchant(unpaid_orders_cap=0)
            self.merchant_id = merchant.id
            places.add(Location, merchant.id, "cellar", 1)
            places.add(Grade, merchant.id, "worn", 1)
            products = {name: make_product(merchant, price=PRICE, **real) for name, real in REAL.items()}
            in_transaction(lambda: start.start(self.merchant_id, SELLER), of(self.merchant_id))
        self.ids = {name: product.id for name, product in products.items()}
        self.where = looks.Where(self.merchant_id, self.ids)
        session().expunge_all()  # plain values from here on
        for name, units in zip(REAL, amounts, strict=True):
            self.shop.cell((name, PLACES[0]))
            if units:
                self.receive((name, PLACES[0]), units)

    def compare(self, step, expected, work):
        """Run the real verb in its transaction; what it says must be what the model said. Gives what it returned."""
        told[step, expected] += 1
        if expected == NOT_THERE:
            return None
        self.seconds += 1
        with clock.clock.pinned(START + timedelta(seconds=self.seconds)):
            try:
                done, said = in_transaction(work, of(self.merchant_id)), "ok"
            except Refusal as refusal:
                done, said = None, refusal.code
        assert (step, said) == (step, expected)
        return done

    @rule(step=STEPS)
    def step(self, step):
        name, given = step
        getattr(self, name)(**given)

    def pick(self, step, number):
        """The model's order and the id of the real one: one that the step fits, or one is placed for the next time."""
        numbers = fitting(step, self.shop.orders)
        if not numbers:
            name = "pin" if step == "hand_over" else "mug"
            self.order([(name, 1 + number % 3, None, None)], step == "pay", is_settled=number > 2)
            return None, None
        at = numbers[-1 - number % len(numbers)]
        return self.shop.orders[at], self.orders[at]

    def order(self, wanted, is_paid_later, is_settled):
        wanted = list({line[0]: line for line in wanted}.values())
        expected = self.shop.place(wanted, is_paid_later)
        where = self.where
        lines = tuple(
            LineWanted(self.ids[name], units, where.locations.get(location), where.grades.get(grade))
            for name, units, location, grade in wanted
        )
        terms = Terms.AFTER_ACCEPTANCE if is_paid_later else Terms.ON_DELIVERY
        customer = CustomerWanted(CUSTOMER.person_id, CUSTOMER.name)
        placement = Placement(lines=lines, customer=customer, actor=CUSTOMER, is_limited=True, terms=terms)
        done = self.compare("order", expected, lambda: self.placed(placement))
        if done is not None:
            self.orders.append(done)
        if is_settled:
            self.settle()

    def sale(self, name, units, is_settled, then):
        """An order and what becomes of it at once: settled or not, it stays on the shelf, leaves, or comes back."""
        self.order([(name, units, None, None)], False, is_settled)
        if then != "stays":
            self.pick_up(0) if name == "mug" else self.hand_over(0)
        if then == "fails":
            self.fail(0)

    def placed(self, placement):
        result = place(self.merchant_id, [placement])[0]
        if isinstance(result, Refused):
            raise result.refusal
        return result.view.order.id

    def pay(self, number):
        order, order_id = self.pick("pay", number)
        if order:
            self.references += 1
            total = sum(line.units for line in order.lines) * PRICE
            report = pay.PaymentReport(Money(total, "NPR"), f"{order_id}-{self.references}")
            self.compare("pay", self.shop.pay(order), lambda: pay.pay(self.merchant_id, order_id, report, SELLER))

    def pick_up(self, number):
        self.moves("pick_up", number, lambda order_id: pickup.pick_up(self.merchant_id, order_id, ALL_THERE, SELLER))

    def deliver(self, number):
        self.moves("deliver", number, lambda order_id: pickup.deliver(self.merchant_id, order_id, ALL_THERE, SELLER))

    def hand_over(self, number):
        self.moves("hand_over", number, lambda order_id: pickup.deliver(self.merchant_id, order_id, ALL_THERE, SELLER))

    def fail(self, number):
        self.moves("fail", number, lambda order_id: pickup.fail(self.merchant_id, order_id, "machine", SELLER))

    def moves(self, step, number, verb):
        order, order_id = self.pick(step, number)
        if order:
            in_model = {"hand_over": self.shop.deliver}.get(step) or getattr(self.shop, step)
            self.compare(step, in_model(order), lambda: verb(order_id))

    def cancel(self, number, restock):
        order, order_id = self.pick("cancel", number)
        if order:
            wish = cancel.Cancel("machine", restock)
            expected = self.shop.cancel(order, restock)
            step = "cancel" if restock else "scrap"
            self.compare(step, expected, lambda: cancel.cancel(self.merchant_id, order_id, wish, SELLER))

    def allocate(self, number, line, place):
        order, order_id = self.pick("allocate", number)
        if order:
            wish = allocate.AllocationAsked(line % len(order.lines), Place(*place))
            expected = self.shop.allocate(order, line, place)
            self.compare("allocate", expected, lambda: allocate.allocate(self.merchant_id, order_id, wish, SELLER))

    def settle(self):
        self.shop.settle()
        sold = select(Hold.id).where(
            Hold.merchant_id == self.merchant_id, Hold.state == HoldState.OPEN, Hold.settle_at.is_not(None)
        )
        ids = session().execute(sold).scalars().all()
        settled = self.compare("settle", "ok", lambda: settle_stock.run(self.merchant_id, ids, JOB))
        told["settle", "some" if settled else "none"] += 1
