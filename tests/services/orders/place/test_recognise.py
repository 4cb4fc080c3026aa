"""Whom a batch of placements is about: the customers that marks tell, and what the merchant learns of them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from merchant_api.accounts.mark_models import CustomerMark
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders import registrations
from merchant_api.orders.errors import AlreadyRegistered
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import CustomerWanted, Placed
from tests.make.orders import wanted
from tests.make.people import make_actor, make_merchant
from tests.make.registrations import lines_of, make_class
from tests.make.statements import statements_of
from tests.make.stock import make_product

SELLER = make_actor()
E, P, Q = "email:a@b.example", "phone:1 asha", "phone:2 asha"


def entered(product, *marks, units=1):
    """A seller's order for somebody of these marks."""
    customer = CustomerWanted(new_id(), "Asha", is_entered=True, marks=marks)
    return replace(wanted([(product, units)], SELLER), customer=customer)


def marks_of(merchant):
    session().rollback()
    rows = select(CustomerMark).where(CustomerMark.merchant_id == merchant.id)
    found = session().execute(rows.order_by(CustomerMark.mark, CustomerMark.twin)).scalars()
    return [(row.mark, row.twin, row.person_id) for row in found]


def test_of_one_batch_the_same_marks_are_one_customer(database):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=9)

    results = place(merchant.id, [entered(mug, *marks) for marks in ((E,), (E, P), (P,), (Q,))])

    ids = [result.view.order.customer_id for result in results]
    assert (len(set(ids[:3])), len(set(ids))) == (1, 2)
    assert marks_of(merchant) == [(E, 0, ids[0]), (P, 0, ids[0]), (Q, 0, ids[3])]


def test_who_is_refused_leaves_no_mark_and_the_next_brings_it(database):
    merchant = make_merchant()
    mask = make_product(merchant, on_hand=2, when_short="refuse")

    refused, placed = place(merchant.id, [entered(mask, E, P, units=3), entered(mask, P)])

    assert (isinstance(refused, Placed), isinstance(placed, Placed)) == (False, True)
    assert marks_of(merchant) == [(P, 0, placed.view.order.customer_id)]


def test_two_customers_of_a_batch_who_turn_out_to_be_one_share_their_marks(database):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=9)
    first, second = (place(merchant.id, [entered(mug, mark)])[0].view.order.customer_id for mark in (E, Q))

    (joined, other) = place(merchant.id, [entered(mug, E, P), entered(mug, Q, P)])

    assert (joined.view.order.customer_id, other.view.order.customer_id) == (first, second)
    assert marks_of(merchant) == [(E, 0, first), (P, 0, first), (P, 1, second), (Q, 0, second)]
    assert isinstance(place(merchant.id, [entered(mug, P)])[0], Placed)


def test_an_order_stands_again_only_where_the_same_person_has_no_seat_as_another_customer(database):
    merchant = make_merchant()
    mug, seats = make_product(merchant, on_hand=9), make_class(merchant)
    order = place(merchant.id, [entered(seats, E)])[0].view.order
    registrations.drop(merchant.id, order.id, [seats.id])
    session().commit()
    later = place(merchant.id, [entered(seats, P)])[0].view.order
    place(merchant.id, [entered(mug, E, P)])

    with pytest.raises(AlreadyRegistered) as refused:
        registrations.enter(order, lines_of(order))

    assert later.customer_id != order.customer_id
    assert refused.value.members["lines"][0]["order_code"] == later.code


def test_a_seller_s_order_of_merchandise_costs_one_read_more_and_of_seats_two_locks(database):
    merchant = make_merchant()
    mug, seats = make_product(merchant, on_hand=9), make_class(merchant)
    place(merchant.id, [entered(mug, E)])

    def cost(product):
        return len(statements_of(lambda: place(merchant.id, [entered(product, E)])))

    assert [cost(mug), cost(seats)] == [3, 6]
