"""`stock.changed`: after any path, one event names exactly the products of which more or fewer are available somewhere.

By location, as a web shop may be fed by some of them only.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Product, WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.due import expire_payments, expire_requests
from merchant_api.orders.models import Order
from merchant_api.orders.money import revive
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Refused
from merchant_api.orders.states import Condition, DeclineReason, State
from merchant_api.orders.steps import allocate, cancel, decide, pickup, returns
from merchant_api.orders.steps.reduce import Part
from merchant_api.orders.steps.returns import Back
from merchant_api.outbox import claim, noted
from merchant_api.outbox import forget as outbox
from merchant_api.outbox.models import Event, EventState
from merchant_api.shop.create import NewProduct, create
from merchant_api.stock.adjust import Adjustment, Level, adjust, set_available
from merchant_api.stock.models import Cell
from merchant_api.stock.places import Place
from merchant_api.stock.sessions import promote
from merchant_api.stock.states import Reason
from merchant_api.stock.transfer import Transfer, transfer
from tests.make.money import make_late, pay_for
from tests.make.orders import make_order, place_one, settle_all, wanted
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import make_count, make_staged
from tests.make.snapshot import check_books
from tests.make.stock import make_cell, make_product

SELLER = make_actor()
ATTIC, SECONDS = Place("attic", "default"), Place("default", "seconds")
Path = Callable[[], object]


@dataclass
class Shop:
    """Plenty of mugs, few bowls, and no masks, which are refused where they are short; mugs also lie in the attic."""

    merchant: Merchant = field(default_factory=make_merchant)

    def __post_init__(self) -> None:
        self.mug, self.bowl = make_product(self.merchant, on_hand=20), make_product(self.merchant, on_hand=2)
        self.poster = make_product(self.merchant, when_short=WhenShort.BACKORDER)
        self.mask = make_product(self.merchant, when_short=WhenShort.REFUSE)
        self.sticker = make_product(self.merchant, is_tracked=False)
        make_cell(self.mug, 5, location="attic")
        make_cell(self.mug, 0, grade="seconds")

    @property
    def id(self) -> UUID:
        return self.merchant.id

    def request(self) -> Order:
        """It holds three mugs and waits for the bowls."""
        return place_one([(self.mug, 3), (self.bowl, 5)])

    def order(self, state: State = State.CONFIRMED, product: Product | None = None) -> Order:
        return make_order(state, [(product or self.mug, 4)])


def named(*products: Product) -> set[str]:
    return {str(product.id) for product in products}


def stock(product: Product, **amount: int) -> Path:
    wish = Adjustment(product.id, Reason.CORRECTION, **amount)
    return lambda: adjust(product.merchant_id, wish, SELLER)


def settled(order: Order) -> Order:
    assert settle_all(order)
    return order


def ended_late(shop: Shop, order: Order) -> Path:
    module = expire_requests if order.state is State.REQUESTED else expire_payments

    def expire() -> None:
        with clock.clock.pinned((order.sweep_at or order.respond_by) + timedelta(seconds=1)):
            assert module.run(shop.id, [order.id], job("tests")) == 1

    return expire


def cancelled(order: Order, restock: bool | None = None, *parts: Part) -> Path:
    return lambda: cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no", restock, parts), SELLER)


def returned(order: Order, condition: Condition, location: str | None = None) -> Path:
    back = [Back(0, 2, condition, location)]
    return lambda: returns.give_back(order.merchant_id, order.id, back, SELLER)


def revived(shop: Shop) -> Path:
    _, payment = make_late((shop.mug, 4))
    return lambda: revive.revive(shop.id, payment.id, SELLER)


def closed(shop: Shop, *counts: tuple[Product, int, str]) -> Path:
    make_staged(shop.merchant)
    for product, quantity, location in counts:
        make_count(product, quantity, location=location)
    return lambda: promote.close(shop.id, promote.Close(), SELLER)


def refused(shop: Shop) -> None:
    assert isinstance(place(shop.id, [wanted([(shop.mask, 1), (shop.mug, 1)])])[0], Refused)


# Each prepares what it needs, and gives the path to take.
PATHS: dict[str, Callable[[Shop], Path]] = {
    "an order": lambda shop: lambda: place_one([(shop.mug, 2), (shop.sticker, 9)]),
    "a request": lambda shop: shop.request,
    "a request that holds nothing": lambda shop: lambda: place_one([(shop.bowl, 5)]),
    "a backorder": lambda shop: lambda: place_one([(shop.poster, 3), (shop.bowl, 1)]),
    "a batch": lambda shop: (
        lambda: place(shop.id, [wanted([(shop.mug, 1)]), wanted([(shop.mask, 1)]), wanted([(shop.bowl, 1)])])
    ),
    "a refusal": lambda shop: lambda: refused(shop),
    "what is never counted": lambda shop: lambda: place_one([(shop.sticker, 9)]),
    "accepting": lambda shop: answered(shop.request()),
    "accepting what is not there": lambda shop: answered(place_one([(make_product(shop.merchant), 2)])),
    "declining": lambda shop: declined(shop.request()),
    "declining what is out of stock": lambda shop: declined(shop.request(), shop.bowl, shop.mug),
    "cancelling": lambda shop: cancelled(shop.order()),
    "cancelling what was settled": lambda shop: cancelled(settled(shop.order())),
    "cancelling, and nothing goes back": lambda shop: cancelled(shop.order(), False),
    "cancelling a backorder, and nothing goes back": lambda shop: cancelled(shop.order(product=shop.poster), False),
    "cancelling a part": lambda shop: cancelled(shop.order(), None, Part(0, 1)),
    "cancelling a part that is lost": lambda shop: cancelled(shop.order(), False, Part(0, 1)),
    "nobody answers": lambda shop: ended_late(shop, shop.request()),
    "nobody pays": lambda shop: ended_late(shop, shop.order(State.AWAITING_PAYMENT)),
    "money": lambda shop: paid(shop.order(State.AWAITING_PAYMENT)),
    "late money": revived,
    "settling": lambda shop: settling(shop.order()),
    "picking up": lambda shop: picked_up(shop.order()),
    "coming back undelivered": lambda shop: failed(shop.order(State.PICKED_UP)),
    "a return": lambda shop: returned(shop.order(State.DELIVERED), Condition.RESELLABLE),
    "a return to another place": lambda shop: returned(shop.order(State.DELIVERED), Condition.RESELLABLE, "attic"),
    "a damaged return": lambda shop: returned(shop.order(State.DELIVERED), Condition.DAMAGED),
    "a return of what was owed": lambda shop: returned(shop.order(State.DELIVERED, shop.poster), Condition.RESELLABLE),
    "units come in": lambda shop: stock(shop.bowl, increase=3),
    "units go": lambda shop: stock(shop.bowl, decrease=1),
    "a count that agrees": lambda shop: stock(shop.bowl, quantity=2),
    "the figure of a phone": lambda shop: lambda: set_available(shop.id, shop.bowl.id, Level(7), SELLER),
    "the same figure again": lambda shop: lambda: set_available(shop.id, shop.bowl.id, Level(2), SELLER),
    "a transfer": lambda shop: lambda: transfer(shop.id, Transfer(shop.mug.id, Place(), ATTIC, 4), SELLER),
    "a regrade": lambda shop: lambda: transfer(shop.id, Transfer(shop.mug.id, Place(), SECONDS, 4), SELLER),
    "another place for an order": lambda shop: allocated(shop.order()),
    "a new product": lambda shop: lambda: create(shop.id, NewProduct("NEW", "New", price(), stock=3), SELLER),
    "a new product without stock": lambda shop: lambda: create(shop.id, NewProduct("NEW", "New", price()), SELLER),
    "a close": lambda shop: closed(shop, (shop.mug, 19, "default"), (shop.bowl, 9, "default")),
    "a close that finds units elsewhere": lambda shop: closed(
        shop, (shop.mug, 18, "default"), (shop.mug, 7, "attic"), (shop.bowl, 1, "default")
    ),
    "a close that agrees": lambda shop: closed(shop, (shop.mug, 20, "default")),
}
UNCHANGED = {
    "a request that holds nothing",
    "a refusal",
    "what is never counted",
    "accepting what is not there",
    "cancelling, and nothing goes back",
    "cancelling a part that is lost",
    "money",
    "settling",
    "picking up",
    "a damaged return",
    "a count that agrees",
    "the same figure again",
    "a regrade",
    "a new product without stock",
    "a close that agrees",
}


def price() -> Money:
    return Money(100, "NPR")


def answered(order: Order) -> Path:
    return lambda: decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)


def declined(order: Order, *sold_out: Product) -> Path:
    answer = decide.Decline(DeclineReason.OUT_OF_STOCK, None, [product.id for product in sold_out])
    return lambda: decide.decline(order.merchant_id, order.id, answer, SELLER)


def paid(order: Order) -> Path:
    return lambda: pay_for(order)


def settling(order: Order) -> Path:
    return lambda: settled(order)


def picked_up(order: Order) -> Path:
    return lambda: pickup.pick_up(order.merchant_id, order.id, pickup.HandOver(), SELLER)


def failed(order: Order) -> Path:
    return lambda: pickup.fail(order.merchant_id, order.id, "nobody there", SELLER)


def allocated(order: Order) -> Path:
    return lambda: allocate.allocate(order.merchant_id, order.id, allocate.AllocationAsked(0, ATTIC), SELLER)


def available(shop: Shop) -> dict[tuple[str, UUID], int]:
    session().rollback()
    rows = select(Cell.product_id, Cell.location_id, func.sum(Cell.on_hand - Cell.held))
    rows = rows.where(Cell.merchant_id == shop.id).group_by(Cell.product_id, Cell.location_id)
    return {(str(row[0]), row[1]): row[2] for row in session().execute(rows)}


def told(shop: Shop) -> list[Event]:
    session().rollback()
    rows = select(Event).where(Event.merchant_id == shop.id, Event.type == "stock.changed").order_by(Event.id)
    return list(session().execute(rows).scalars())


@pytest.mark.parametrize("path", PATHS)
def test_exactly_what_changed_for_others_is_told_once(database, path):
    shop = Shop()
    take = PATHS[path](shop)
    before, earlier = available(shop), len(told(shop))

    take()
    session().commit()

    after, news = available(shop), told(shop)[earlier:]
    changed = {place[0] for place in after if after[place] != before.get(place, 0)}
    assert [set(event.payload["product_ids"]) for event in news] == ([changed] if changed else [])
    assert (path in UNCHANGED) == (not changed)
    check_books(shop.id)


def test_a_payload_holds_a_version_and_ids_and_nothing_else(database):
    shop = Shop()
    place_one([(shop.mug, 1), (shop.bowl, 1)])

    event = told(shop)[-1]

    assert event.payload == {"v": 1, "product_ids": sorted(named(shop.mug, shop.bowl))}
    assert event.order_id is None


def test_nobody_is_asked_to_fan_it_out(database):
    shop = Shop()
    stock(shop.bowl, increase=1)()
    session().commit()

    assert {event.state for event in told(shop)} == {EventState.NOTED}
    assert claim.merchants_due(Event, clock.now() + timedelta(days=1), 10) == []


def test_it_goes_with_the_other_events_once_it_was_gathered(database):
    shop = Shop()
    kept = [event.id for event in told(shop)]
    assert outbox.tidy(shop.id, clock.now() + timedelta(days=1)) == 0
    noted.gather(shop.id, kept)

    assert outbox.tidy(shop.id, clock.now() - timedelta(days=1)) == 0
    assert outbox.tidy(shop.id, clock.now() + timedelta(days=1)) == len(kept)


def test_a_close_tells_of_many_products_in_parts(database, monkeypatch):
    monkeypatch.setattr(promote, "TOLD_AT_ONCE", 2)
    shop = Shop()
    products = [shop.mug, shop.bowl, *(make_product(shop.merchant, on_hand=1) for _ in range(3))]
    take, earlier = closed(shop, *((product, 9, "default") for product in products)), len(told(shop))

    take()
    session().commit()

    parts = [event.payload["product_ids"] for event in told(shop)[earlier:]]
    assert [len(part) for part in parts] == [2, 2, 1]
    assert {product_id for part in parts for product_id in part} == named(*products)
