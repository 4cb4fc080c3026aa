"""What orders must keep: limits, caps, terms, money; who is exempt, and that the history says so."""

import pytest

from merchant_api.accounts.errors import TermsNotAllowed
from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import WhenShort
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.money import LARGEST, Money
from merchant_api.orders import find
from merchant_api.orders.errors import (
    OverLimit,
    ReferenceUsed,
    TooExpensive,
    TooManyUnpaid,
    UnknownProduct,
)
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import CustomerWanted, LineWanted, Placed, Placement, Refused
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel
from merchant_api.shop.errors import WrongCurrency
from merchant_api.stock.errors import InsufficientStock
from merchant_api.stock.ledger import TooManyUnits
from tests.make.orders import place_one, wanted
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_product

SELLER = make_actor()


def placement_of(line, actor=SELLER):
    customer = CustomerWanted(actor.person_id, actor.name)
    return Placement((line,), customer, actor, is_limited=actor.role is Role.CUSTOMER)


def test_a_limit_lets_through_what_it_names_and_not_one_more(database):
    product = make_product(on_hand=9, max_quantity=3)

    assert place_one([(product, 3)]).state is State.CONFIRMED
    with pytest.raises(OverLimit) as refused:
        place_one([(product, 4)])

    line = refused.value.members["lines"][0]
    assert (line["sku"], line["wanted"], line["max_quantity"]) == (product.sku, 4, 3)


def test_a_seller_is_exempt_from_limits_and_the_history_says_so(database):
    merchant = make_merchant()
    over, within = make_product(merchant, on_hand=9, max_quantity=3), make_product(merchant, on_hand=9, max_quantity=3)

    order = place_one([(over, 3), (within, 3), (over, 2)], SELLER)

    note = find.history(order.merchant_id, order.id, SELLER)[0].note
    assert (order.state, note) == (State.CONFIRMED, f"{over.sku}: 5 ordered over the limit of 3")


@pytest.mark.parametrize("max_quantity", [0, 3])
def test_the_history_says_nothing_of_limits_that_a_seller_kept(database, max_quantity):
    product = make_product(on_hand=9, max_quantity=max_quantity)

    order = place_one([(product, 3)], SELLER)

    assert find.history(order.merchant_id, order.id, SELLER)[0].note is None


def test_a_price_that_a_seller_sets_is_charged_and_logged(database):
    product = make_product(on_hand=9)
    line = LineWanted(product.id, 2, unit_price=Money(99_00, "NPR"))

    (placed,) = place(product.merchant_id, [placement_of(line)])

    assert isinstance(placed, Placed)
    order = placed.view.order
    assert (order.total, placed.view.lines[0].unit_price) == (2 * 99_00, Money(99_00, "NPR"))
    note = find.history(order.merchant_id, order.id, SELLER)[0].note
    assert f"{product.sku} sold at 9900 in minor units" in note


def test_a_price_in_another_currency_is_refused(database):
    product = make_product(on_hand=9)

    (refused,) = place(product.merchant_id, [placement_of(LineWanted(product.id, 2, unit_price=Money(99_00, "INR")))])

    assert isinstance(refused.refusal, WrongCurrency)


@pytest.mark.parametrize("on_hand", [0, 9])
def test_a_customer_has_as_many_open_orders_as_the_merchant_allows(database, on_hand):
    merchant, customer = make_merchant(unpaid_orders_cap=2), make_actor(Role.CUSTOMER)
    product = make_product(merchant, on_hand=on_hand)
    orders = [place_one([(product, 1)], customer, terms=Terms.AFTER_ACCEPTANCE) for _ in range(2)]
    before = everything(merchant.id)

    with pytest.raises(TooManyUnpaid):
        place_one([(product, 1)], customer, terms=Terms.AFTER_ACCEPTANCE)
    assert everything(merchant.id) == before

    place_one([(product, 1)], make_actor(Role.CUSTOMER), terms=Terms.AFTER_ACCEPTANCE)
    place_one([(product, 1)], SELLER, terms=Terms.AFTER_ACCEPTANCE)
    cancel.cancel(merchant.id, orders[0].id, cancel.Cancel("no"), customer)
    session().commit()
    place_one([(product, 1)], customer, terms=Terms.AFTER_ACCEPTANCE)


def test_what_is_confirmed_at_once_does_not_count_against_the_cap(database):
    merchant, customer = make_merchant(unpaid_orders_cap=1), make_actor(Role.CUSTOMER)
    product = make_product(merchant, on_hand=9)

    assert {place_one([(product, 1)], customer).state for _ in range(3)} == {State.CONFIRMED}


def test_orders_of_one_batch_count_against_the_cap_in_their_order(database):
    merchant, customer = make_merchant(unpaid_orders_cap=1), make_actor(Role.CUSTOMER)
    product = make_product(merchant, on_hand=0)
    three = [wanted([(product, 1)], customer) for _ in range(3)]

    results = place(merchant.id, three)

    assert [type(result) for result in results] == [Placed, Refused, Refused]


def test_the_cap_is_off_where_it_is_zero(database):
    merchant, customer = make_merchant(unpaid_orders_cap=0), make_actor(Role.CUSTOMER)
    product = make_product(merchant, on_hand=0)

    assert {place_one([(product, 1)], customer).state for _ in range(3)} == {State.REQUESTED}


def test_terms_that_the_merchant_does_not_offer_are_refused(database):
    product = make_product(make_merchant(allowed_terms=["on_delivery"]), on_hand=9)

    with pytest.raises(TermsNotAllowed):
        place_one([(product, 1)], terms=Terms.AFTER_ACCEPTANCE)

    assert balances(product) == (9, 0, 0)


def test_a_total_beyond_any_amount_that_is_kept_is_refused(database):
    product = make_product(on_hand=9, price=LARGEST)

    with pytest.raises(TooExpensive):
        place_one([(product, 2)])

    assert place_one([(product, 1)]).total == LARGEST


def test_a_backorder_beyond_what_a_cell_can_promise_is_refused(database):
    product = make_product(on_hand=1, when_short=WhenShort.BACKORDER)
    place_one([(product, 999_999)])

    with pytest.raises(TooManyUnits):
        place_one([(product, 2)])

    assert balances(product) == (1, 999_999, 0)
    assert place_one([(product, 1)]).state is State.CONFIRMED


def test_a_product_of_another_merchant_is_unknown(database):
    mine, other = make_product(on_hand=9), make_product(on_hand=9)

    for product_id in (other.id, new_id()):
        (refused,) = place(mine.merchant_id, [placement_of(LineWanted(product_id, 1))])
        assert isinstance(refused.refusal, UnknownProduct)
    assert balances(other) == (9, 0, 0)


def test_a_prepaid_order_counts_as_paid_by_its_reference_once(database):
    product = make_product(on_hand=9)

    order = place_one([(product, 2)], SELLER, terms=Terms.PREPAID, reference="till-7")
    with pytest.raises(ReferenceUsed):
        place_one([(product, 2)], SELLER, terms=Terms.PREPAID, reference="till-7")

    assert (order.state, order.paid) == (State.CONFIRMED, order.total)
    assert balances(product) == (9, 2, 0)
    check_books(product.merchant_id)


def test_a_refusal_undoes_no_neighbour(database):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=3, when_short=WhenShort.REFUSE)
    batch = [wanted([(mug, units)]) for units in (2, 2, 1, 1)]

    results = place(merchant.id, batch)

    assert [isinstance(result, Placed) for result in results] == [True, False, True, False]
    refused = results[1].refusal
    assert isinstance(refused, InsufficientStock)
    assert refused.members["lines"][0]["available"] == 1
    assert balances(mug) == (3, 3, 0)
    check_books(merchant.id)


def test_a_used_reference_in_a_batch_refuses_its_order_only(database):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=9)
    place_one([(mug, 1)], SELLER, terms=Terms.PREPAID, reference="till-7")
    paid = [wanted([(mug, 1)], SELLER, terms=Terms.PREPAID, reference=f"till-{n}") for n in (6, 7, 8, 8)]

    results = place(merchant.id, paid)

    assert [isinstance(result, Placed) for result in results] == [True, False, True, False]
    assert balances(mug) == (9, 3, 0)
    check_books(merchant.id)


def test_one_line_that_refuses_refuses_the_whole_order_and_every_short_line_is_named(database):
    merchant = make_merchant()
    plenty, none = make_product(merchant, on_hand=9), make_product(merchant, when_short=WhenShort.REFUSE)
    few, asked = make_product(merchant, on_hand=1, when_short=WhenShort.REFUSE), make_product(merchant)

    with pytest.raises(InsufficientStock) as refused:
        place_one([(plenty, 1), (none, 1), (asked, 1), (few, 2)])

    named = [(line["line"], line["sku"], line["wanted"], line["available"]) for line in refused.value.members["lines"]]
    assert named == [(1, none.sku, 1, 0), (3, few.sku, 2, 1)]
    assert balances(plenty) == (9, 0, 0)
