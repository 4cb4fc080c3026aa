"""Cancelling seats: who stays out is named, or it is the last ones; who cancels all may register again."""

import pytest

from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.orders.errors import UnknownGuest
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import CustomerWanted, LineWanted, Placed, Placement
from merchant_api.orders.steps import cancel
from merchant_api.orders.steps.cancel import Cancel
from merchant_api.orders.steps.reduce import Part
from tests.make.people import make_actor, make_merchant
from tests.make.registrations import make_class, registered, registers
from tests.make.snapshot import check_books
from tests.make.stock import balances

GUESTS = ["Asha", "Nima", "Nima"]


def seated(course, actor):
    result = registers(course, 4, GUESTS, actor)
    assert isinstance(result, Placed)
    return result.view.order


def reduce(order, quantity, guests=None, *, line=0):
    parts = [Part(line, quantity, guests)]
    shown = cancel.cancel(order.merchant_id, order.id, Cancel("ill", None, parts), make_actor())
    session().commit()
    check_books(order.merchant_id)
    return shown


@pytest.mark.parametrize(
    ("quantity", "named", "left"),
    [(1, ["Asha"], ["Nima", "Nima"]), (1, ["Nima"], ["Asha", "Nima"]), (2, None, ["Asha"]), (3, None, [])],
)
def test_the_named_guests_stay_out_or_the_last_ones(database, quantity, named, left):
    course, actor = make_class(), make_actor(Role.CUSTOMER)

    shown = reduce(seated(course, actor), quantity, named)

    assert shown.lines[0].row.guests == left
    assert shown.lines[0].row.kept == 1 + len(left)
    assert balances(course) == (12, 1 + len(left), 0)
    assert registered(course.merchant_id) == {(course.id, actor.person_id)}


@pytest.mark.parametrize(
    ("quantity", "named"), [(1, ["Dil"]), (2, ["Asha"]), (1, ["Asha", "Nima"]), (3, ["Nima", "Nima", "Nima"])]
)
def test_guests_that_do_not_fit_are_refused(database, quantity, named):
    course = make_class()
    order = seated(course, make_actor(Role.CUSTOMER))

    with pytest.raises(UnknownGuest):
        reduce(order, quantity, named)
    session().rollback()

    assert balances(course) == (12, 4, 0)


def test_who_cancels_one_of_two_courses_may_register_for_it_again(database):
    merchant, actor = make_merchant(), make_actor(Role.CUSTOMER)
    weaving, cooking = make_class(merchant), make_class(merchant)
    lines = (LineWanted(weaving.id, 1), LineWanted(cooking.id, 1))
    customer = CustomerWanted(actor.person_id, actor.name)
    placed = place(merchant.id, [Placement(lines, customer, actor, is_limited=True)])[0]

    reduce(placed.view.order, 1, line=1)

    assert registered(merchant.id) == {(weaving.id, actor.person_id)}
    assert isinstance(registers(cooking, 1, [], actor), Placed)
