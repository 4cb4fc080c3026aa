"""Windows, words and rights at their edges: what was promised at confirmation stays promised; late is late."""

from datetime import timedelta

import pytest

from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Status, WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.errors import Forbidden, Invalid
from merchant_api.core.money import Money
from merchant_api.orders.errors import CancelWindowOver, ProductNotForSale, TooLate, UnknownProduct, WrongState
from merchant_api.orders.money import pay
from merchant_api.orders.states import DeclineReason, State
from merchant_api.orders.steps import cancel, decide
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.states import Reason
from tests.make.orders import events_of, make_order, place_one, reread, settle_all
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_product

SELLER = make_actor()


def test_a_shorter_cancel_window_does_not_reach_orders_that_were_confirmed_before(database):
    merchant, customer = make_merchant(cancel_window_s=600), make_actor(Role.CUSTOMER)
    before = place_one([(make_product(merchant, on_hand=5), 1)], customer)
    session().get(Merchant, merchant.id).cancel_window_s = 0
    session().commit()
    after = place_one([(make_product(merchant, on_hand=5), 1)], customer)

    assert before.cancel_by - before.confirmed_at == timedelta(seconds=600)
    cancel.cancel(merchant.id, before.id, cancel.Cancel("in time"), customer)
    session().commit()
    with pytest.raises(CancelWindowOver):
        cancel.cancel(merchant.id, after.id, cancel.Cancel("never in time"), customer)


def test_a_longer_answer_window_does_not_reach_requests_that_were_placed_before(database):
    merchant = make_merchant(respond_window_s=60)
    order = place_one([(make_product(merchant), 1)])
    session().get(Merchant, merchant.id).respond_window_s = 3600
    session().commit()

    with clock.clock.pinned(order.placed_at + timedelta(seconds=60)), pytest.raises(TooLate):
        decide.accept(merchant.id, order.id, decide.Accept(), SELLER)


def test_an_answer_after_the_sweep_is_told_that_it_is_too_late_as_one_before_it(database):
    order = make_order(State.EXPIRED, [(make_product(), 1)])
    before = everything(order.merchant_id)

    with clock.clock.pinned(order.respond_by + timedelta(days=3)), pytest.raises(TooLate):
        decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)
    session().rollback()

    assert everything(order.merchant_id) == before


def test_an_answer_to_an_answered_request_is_no_late_answer(database):
    order = make_order(State.DECLINED, [(make_product(), 1)])

    with clock.clock.pinned(order.respond_by + timedelta(days=3)), pytest.raises(WrongState):
        decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)


@pytest.mark.parametrize(
    ("minutes", "is_taken"), [(43_200, True), (43_201, False), (0, True), (-5, True), (-5.1, False), (-60, False)]
)
def test_goods_are_ready_from_now_on_and_within_thirty_days(database, minutes, is_taken):
    order = place_one([(make_product(), 1)])
    instant = clock.now()
    answer = decide.Accept(None, instant + timedelta(minutes=minutes))

    with clock.clock.pinned(instant):
        if is_taken:
            assert decide.accept(order.merchant_id, order.id, answer, SELLER).order.ready_at == answer.ready_at
        else:
            with pytest.raises(Invalid):
                decide.accept(order.merchant_id, order.id, answer, SELLER)


def test_who_may_answer_but_not_edit_stock_does_not_name_products_out_of_stock(database):
    product = make_product(on_hand=1)
    order = place_one([(product, 2)])
    program = Actor(Role.INTEGRATION, "key", "Web shop", permissions=frozenset({"orders.decide"}))

    with pytest.raises(Forbidden):
        decide.decline(
            order.merchant_id, order.id, decide.Decline(DeclineReason.OUT_OF_STOCK, None, [product.id]), program
        )
    session().rollback()
    decide.decline(order.merchant_id, order.id, decide.Decline(DeclineReason.OUT_OF_STOCK), program)
    session().commit()

    assert (reread(order).state, balances(product)) == (State.DECLINED, (1, 0, 0))


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_to_a_customer_what_is_not_for_sale_is_unknown_and_a_seller_is_told_its_name(database, status):
    product = make_product(on_hand=5, status=status)

    with pytest.raises(UnknownProduct) as unknown:
        place_one([(product, 1)], make_actor(Role.CUSTOMER))
    with pytest.raises(ProductNotForSale) as refused:
        place_one([(product, 1)], SELLER)

    (told,) = refused.value.members["lines"]
    assert set(unknown.value.members) == {"errors"}
    assert (told["sku"], told["status"]) == (product.sku, status.value)


def test_a_paid_order_whose_units_were_counted_away_does_not_ask_the_courier_until_they_are_back(database):
    product = make_product(on_hand=5)
    order = make_order(State.AWAITING_PAYMENT, [(product, 3)])
    adjust(product.merchant_id, Adjustment(product.id, Reason.COUNT, quantity=1), SELLER)
    session().commit()

    pay.pay(order.merchant_id, order.id, pay.PaymentReport(Money(order.total, "NPR"), "ref-1"), SELLER)
    session().commit()

    after = reread(order)
    assert (after.state, after.pickup_asked_at) == (State.CONFIRMED, None)
    assert after.pickup_due_at is not None
    assert "order.pickup_requested" not in [event.type for event in events_of(order)]
    check_books(order.merchant_id)


def test_giving_back_always_finds_room(database):
    product = make_product(on_hand=5, when_short=WhenShort.REFUSE)
    order = place_one([(product, 5)])
    settle_all(order)
    adjust(product.merchant_id, Adjustment(product.id, Reason.COUNT, quantity=1_000_000), SELLER)
    session().commit()

    cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no"), SELLER)
    session().commit()

    assert balances(product) == (1_000_005, 0, 0)
    check_books(order.merchant_id)
