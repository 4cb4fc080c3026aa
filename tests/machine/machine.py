"""The rules by which the real verbs and the model are driven side by side, and what must agree after every step."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import Fulfilment, ProductKind, WhenShort
from merchant_api.core import clock
from merchant_api.core.db import in_transaction, session
from merchant_api.core.errors import Refusal
from merchant_api.core.tenancy import of
from merchant_api.orders import find
from merchant_api.orders.due import ask_pickup, expire_payments, expire_requests
from merchant_api.orders.models import Order
from merchant_api.orders.states import DeclineReason
from merchant_api.orders.steps import cancel, decide, pickup
from tests.machine import after, carts, model, money, paying, places
from tests.machine.after import ANY, CUSTOMERS, JOB, SELLER, which
from tests.machine.carts_model import CART_S
from tests.machine.drawn import drawn, seen
from tests.machine.paying import START
from tests.machine.things import BEFORE_PICKUP, PRICE, Goods
from tests.machine.unproven_model import ORDERS, SHARE, UNITS
from tests.make.money import check_money
from tests.make.people import make_merchant
from tests.make.providers import make_provider
from tests.make.snapshot import check_books
from tests.make.stock import make_product

KINDS = {
    "mug": {},
    "poster": {"when_short": WhenShort.BACKORDER},
    "seat": {"when_short": WhenShort.REFUSE, "kind": ProductKind.REGISTRATION, "fulfilment": Fulfilment.NONE},
    "sticker": {"is_tracked": False, "fulfilment": Fulfilment.NONE},
}
MODELS = {
    "mug": lambda: Goods(places=places.PLACES),
    "poster": lambda: Goods(when_short="backorder", places=places.PLACES),
    "seat": lambda: Goods(when_short="refuse", by_courier=False, is_registration=True),
    "sticker": lambda: Goods(is_tracked=False, by_courier=False),
}

BOUNDS = {"unproven_open_orders": ORDERS, "unproven_units": UNITS, "unproven_share_percent": SHARE}

names = st.sampled_from(sorted(KINDS))

GIVEN = {
    "place": {
        "wanted": st.lists(st.tuples(names, st.integers(1, 5), places.chosen), min_size=1, max_size=3),
        "terms": st.sampled_from([None, None, Terms.ON_DELIVERY, Terms.AFTER_ACCEPTANCE]),
        "who": st.sampled_from(range(len(CUSTOMERS))),
    },
    "accept": {"number": which, "ready_in": st.sampled_from([None, None, 0, 4000])},
    "decline": {"number": which, "is_sold_out": st.booleans()},
    "cancel": {
        "number": which,
        "by_customer": st.booleans(),
        "restock": st.sampled_from([None, None, True, False]),
    },
    "pick_up": {"number": which, "also_owed": st.booleans()},
    "deliver": {"number": which, "also_owed": st.booleans()},
    "fail": {"number": which},
    "time_passes": {"seconds": st.sampled_from([1, 60, 1740, 1800, 3600, 90_000]), "is_swept": st.booleans()},
    "sweep": {},
    "ask_couriers": {},
    **after.GIVEN,
    **carts.given_of(names),
    **money.GIVEN,
    **paying.GIVEN,
    **places.given_of(names),
}
OFTEN = (
    after.OFTEN
    + carts.OFTEN
    + money.OFTEN
    + places.OFTEN
    + ["place"] * 6
    + ["accept", "pay"] * 3
    + ["decline", "cancel", "pick_up", "deliver", "time_passes", "settle"]
)
STEPS = st.sampled_from([*GIVEN, *OFTEN]).flatmap(
    lambda verb: st.tuples(st.just(verb), st.fixed_dictionaries(GIVEN[verb]))
)
FITTING = {
    "answer": lambda order: order.state == "requested",
    "cancel": lambda order: order.state in BEFORE_PICKUP,
    "pay": lambda order: order.state == "awaiting_payment",
    "pick_up": lambda order: order.state == "confirmed",
    "deliver": lambda order: order.state in ("confirmed", "picked_up"),
    "pay_cash": lambda order: order.state in ("confirmed", "picked_up", "delivered"),
    "fail": lambda order: order.state == "picked_up",
    **after.FITTING,
}


class Orders(after.AfterTheSale, carts.Carts, money.Money, paying.Paying, places.Places, RuleBasedStateMachine):
    """One merchant with four products; every rule acts on both sides and compares what they say."""

    @initialize(
        amounts=st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(0, 6)),
        first=st.lists(st.fixed_dictionaries(GIVEN["place"]), min_size=2, max_size=3),
    )
    def open(self, amounts, first):
        self.shop = model.Shop({name: make() for name, make in MODELS.items()})
        self.ids, self.checked_out, self.events = [], [], {}
        with clock.clock.pinned(START):
            merchant = make_merchant(unpaid_orders_cap=0, cart_ttl_s=CART_S, **BOUNDS)
            self.merchant_id = merchant.id
            self.provider_id = make_provider(merchant).id
            carts.make_known(merchant.id)
            self.products = {name: make_product(merchant, price=PRICE, **kind) for name, kind in KINDS.items()}
            self.open_places()
        session().expunge_all()  # plain values from here on
        for name, on_hand in zip(KINDS, amounts, strict=False):
            self.compare(self.adjusts(name, increase=on_hand), self.shop.adjust(name, on_hand))
        for wanted in first:
            self.place(**wanted)

    @property
    def instant(self):
        return START + timedelta(seconds=self.shop.now)

    def compare(self, work, expected):
        """Run the real verb in its transaction; what it says must be what the model said."""
        with clock.clock.pinned(self.instant):
            try:
                in_transaction(work, of(self.merchant_id))
                said = "ok"
            except Refusal as refusal:
                said = refusal.code
        assert said == expected, f"{said}, not {expected}"

    @rule(step=STEPS)
    def step(self, step):
        name, given = step
        if self.ids or "number" not in given:
            getattr(self, name)(**given)

    def pick(self, number, step):
        """An order of the model, and the id of its real one: mostly one that the step fits."""
        fitting = [place for place, order in enumerate(self.shop.orders) if FITTING[step](order)]
        places = fitting if fitting and number < ANY else range(len(self.ids))
        place = places[-1 - number % len(places)]
        return self.shop.orders[place], self.ids[place]

    def place(self, wanted, terms, who):
        wanted = self.choices(wanted)
        expected = self.shop.place(wanted, terms and terms.value, who)
        with clock.clock.pinned(self.instant):
            try:
                self.ids.append(self.place_at(wanted, CUSTOMERS[who], terms).id)
                said = "ok"
            except Refusal as refusal:
                said = refusal.code
        assert said == expected, f"{said}, not {expected}"

    def accept(self, number, ready_in):
        order, order_id = self.pick(number, "answer")
        ready_at = None if ready_in is None else self.instant + timedelta(seconds=ready_in)
        answer = decide.Accept(None, ready_at)
        expected = self.shop.accept(order, ready_in)
        self.compare(lambda: decide.accept(self.merchant_id, order_id, answer, SELLER), expected)

    def decline(self, number, is_sold_out):
        order, order_id = self.pick(number, "answer")
        tracked = [name for name, goods in self.shop.goods.items() if goods.is_tracked]
        named = {
            self.products[name].id for name in tracked for line in order.lines if line.goods is self.shop.goods[name]
        }
        answer = decide.Decline(DeclineReason.OUT_OF_STOCK, None, sorted(named) if is_sold_out else ())
        expected = self.shop.decline(order, is_sold_out=is_sold_out)
        self.compare(lambda: decide.decline(self.merchant_id, order_id, answer, SELLER), expected)

    def cancel(self, number, by_customer, restock):
        order, order_id = self.pick(number, "cancel")
        wish, actor = cancel.Cancel("machine", restock), CUSTOMERS[order.who] if by_customer else SELLER
        expected = self.shop.cancel(order, by_customer=by_customer, restock=restock)
        self.compare(lambda: cancel.cancel(self.merchant_id, order_id, wish, actor), expected)

    def pick_up(self, number, also_owed):
        order, order_id = self.pick(number, "pick_up")
        said, expected = pickup.HandOver(also_owed), self.shop.pick_up(order, also_owed=also_owed)
        self.compare(lambda: pickup.pick_up(self.merchant_id, order_id, said, SELLER), expected)

    def deliver(self, number, also_owed):
        order, order_id = self.pick(number, "deliver")
        said, expected = pickup.HandOver(also_owed), self.shop.deliver(order, also_owed=also_owed)
        self.compare(lambda: pickup.deliver(self.merchant_id, order_id, said, SELLER), expected)

    def fail(self, number):
        order, order_id = self.pick(number, "fail")
        self.compare(lambda: pickup.fail(self.merchant_id, order_id, "machine", SELLER), self.shop.fail(order))

    def time_passes(self, seconds, is_swept):
        self.shop.now += seconds
        if is_swept:
            self.sweep()

    def sweep(self):
        self.shop.sweep()
        for module in (expire_requests, expire_payments):
            due = module.DUE.ids(self.merchant_id, self.instant, 100)
            self.compare(lambda module=module, due=due: module.run(self.merchant_id, due, JOB), "ok")
        self.sweep_wishes()

    def ask_couriers(self):
        self.shop.now += ask_pickup.AGAIN_S  # so that the job looks again at those that were owed something
        self.shop.ask_couriers()
        due = ask_pickup.DUE.ids(self.merchant_id, self.instant, 100)
        self.compare(lambda: ask_pickup.run(self.merchant_id, due, JOB), "ok")

    @invariant()
    def the_books_agree(self):
        check_books(self.merchant_id)
        check_money(self.merchant_id)

    @invariant()
    def what_has_to_go_back_is_one_list(self):
        self.the_list_is_as_in_the_model()

    @invariant()
    def every_cart_is_as_in_the_model(self):
        self.carts_lie_as_in_the_model()

    @invariant()
    def every_cell_is_as_in_the_model(self):
        self.cells_are_as_in_the_model()

    @invariant()
    def what_can_be_ordered_is_what_nobody_was_promised(self):
        self.figures_are_as_in_the_model()

    @invariant()
    def every_order_is_as_in_the_model(self):
        session().rollback()
        session().expunge_all()
        rows = session().execute(select(Order).where(Order.merchant_id == self.merchant_id).order_by(Order.id))
        assert [seen(view) for view in find._views(list(rows.scalars()))] == [
            drawn(order) for order in self.shop.orders
        ]
