"""What a web shop has sold is a fact: it is taken whatever binds those who order, and what is short is owed."""

from dataclasses import replace

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import Fulfilment, ProductKind, Status, WhenShort
from merchant_api.core.actor import Role
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.orders.models import Origin
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Placed, Refused
from merchant_api.orders.states import OriginKind, State, Verdict
from merchant_api.shop.errors import WrongCurrency
from tests.make.orders import place_one, wanted
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books
from tests.make.stock import balances, make_product

SEATS = ProductKind.REGISTRATION


def sold(lines, external_id="#1", **more):
    """The placement of what a shop has sold."""
    origin = Origin(OriginKind.CHANNEL, new_id(), external_id)
    return wanted(lines, make_actor(Role.INTEGRATION), origin=origin, **more)


def taken(lines, **more):
    (result,) = place(lines[0][0].merchant_id, [sold(lines, **more)])
    assert isinstance(result, Placed), result
    check_books(lines[0][0].merchant_id)
    return result.view


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_what_is_not_for_sale_here_was_sold_there(database, status):
    mug = make_product(on_hand=5, status=status)

    assert taken([(mug, 2)]).order.state is State.CONFIRMED

    assert balances(mug) == (5, 2, 0)


@pytest.mark.parametrize("when_short", list(WhenShort))
def test_what_is_short_is_owed_whatever_the_product_says(database, when_short):
    mug = make_product(on_hand=1, when_short=when_short)

    view = taken([(mug, 3)])

    assert (view.order.state, view.lines[0].row.verdict) == (State.CONFIRMED, Verdict.BACKORDER)
    assert balances(mug) == (1, 3, 0)


def test_a_shop_sells_more_than_one_customer_may_order(database):
    mug = make_product(on_hand=9, max_quantity=2)

    assert taken([(mug, 5)]).order.state is State.CONFIRMED


def test_seats_are_sold_without_names_and_beyond_their_number(database):
    talk = make_product(on_hand=1, fulfilment=Fulfilment.NONE, kind=SEATS, when_short=WhenShort.REFUSE)

    placement = sold([(talk, 3)])
    unnamed = replace(placement, lines=tuple(replace(line, guests=()) for line in placement.lines))
    (result,) = place(talk.merchant_id, [unnamed])

    assert result.view.lines[0].row.verdict is Verdict.BACKORDER


def test_who_has_a_seat_already_may_have_bought_another_one_in_a_shop(database):
    talk = make_product(on_hand=9, fulfilment=Fulfilment.NONE, kind=SEATS, when_short=WhenShort.REFUSE)
    first, second = sold([(talk, 1)]), sold([(talk, 2)], "#2")
    person = first.customer

    results = place(talk.merchant_id, [first, replace(second, customer=replace(person, is_new=False))])

    assert [type(result) for result in results] == [Placed, Placed]
    assert balances(talk) == (9, 3, 0)


def test_terms_that_the_merchant_does_not_offer_were_agreed_with_the_shop(database):
    mug = make_product(make_merchant(allowed_terms=["after_acceptance"]), on_hand=5)

    order = taken([(mug, 1)], terms=Terms.PREPAID, reference="shop:#1").order

    assert (order.paid, order.left_to_pay) == (150_000, 0)


def test_the_price_is_the_shops(database):
    mug = make_product(on_hand=5)
    placement = sold([(mug, 2)])
    (line,) = placement.lines

    (result,) = place(mug.merchant_id, [replace(placement, lines=(replace(line, unit_price=Money(99, "NPR")),))])

    assert result.view.order.total == 198


def test_no_courier_is_asked_for_what_the_shop_sends(database):
    order = taken([(make_product(on_hand=5), 1)]).order

    assert (order.pickup_asked_at, order.pickup_due_at) == (None, None)


def test_another_currency_is_refused_even_so(database):
    placement = sold([(make_product(shop := make_merchant(), on_hand=5), 1)])
    (line,) = placement.lines

    (result,) = place(shop.id, [replace(placement, lines=(replace(line, unit_price=Money(99, "EUR")),))])

    assert isinstance(result, Refused)
    assert isinstance(result.refusal, WrongCurrency)


def test_an_order_that_is_no_channels_is_bound_as_ever(database):
    order = place_one([(make_product(on_hand=1), 3)])

    assert order.state is State.REQUESTED
