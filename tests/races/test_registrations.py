"""Seats, limits and registrations when everybody comes at once: never a seat too many, never a person twice."""

from collections import Counter

import pytest

from merchant_api.catalog.models import WhenShort
from merchant_api.core.actor import Role
from merchant_api.core.db import in_transaction
from merchant_api.core.errors import Refusal
from merchant_api.core.tenancy import of
from merchant_api.orders import registrations
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Placed
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel
from tests.make.orders import place_one, reread, wanted
from tests.make.people import make_actor, make_customer, make_merchant
from tests.make.registrations import make_class
from tests.make.stock import balances, make_product
from tests.make.tokens import bearer, make_token
from tests.races.rivals import at_once, in_own

ASHA, SELLER = make_actor(Role.CUSTOMER), make_actor()


def registers(lines, actor=None):
    return lambda: place(lines[0][0].merchant_id, [wanted(lines, actor)])[0]


def cancels(order):
    return in_own(lambda: cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no"), SELLER))


def outcomes(results):
    return Counter("placed" if isinstance(result, Placed) else result.refusal.code for result in results)


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("settings", [{}, {"is_tracked": False}, {"on_hand": 0, "when_short": WhenShort.ASK}])
def test_one_person_who_registers_16_times_at_once_is_registered_once(crowd, settings, is_known):
    merchant, actor = make_merchant(), make_actor(Role.CUSTOMER)
    seats = make_class(merchant, **settings)
    if is_known:
        place_one([(make_product(merchant, on_hand=1), 1)], actor)

    results = at_once(crowd, [registers([(seats, 2)], actor)] * 16)

    assert outcomes(results) == {"placed": 1, "already_registered": 15}
    (first,) = (result.view.order.code for result in results if isinstance(result, Placed))
    named = {result.refusal.members["lines"][0]["order_code"] for result in results if not isinstance(result, Placed)}
    assert named == {first}


def test_one_person_who_registers_16_times_over_http_is_told_of_the_order_that_stands(crowd):
    merchant = make_merchant()
    seats, headers = make_class(merchant), bearer(make_token(make_customer(merchant)))
    body = {"lines": [{"product_id": str(seats.id), "quantity": 2, "guests": ["Maya"]}]}

    def registers_over_http():
        return crowd.test_client().post(f"/v1/merchants/{merchant.id}/orders", json=body, headers=headers)

    replies = at_once(crowd, [registers_over_http] * 16)

    assert Counter(reply.status_code for reply in replies) == {201: 1, 409: 15}
    (first,) = (reply.json["id"] for reply in replies if reply.status_code == 201)
    refused = [reply.json for reply in replies if reply.status_code == 409]
    assert {(told["code"], told["lines"][0]["order_id"]) for told in refused} == {("already_registered", first)}
    assert balances(seats) == (12, 2, 0)


def test_two_classes_in_any_order_are_registered_for_once_each(crowd):
    merchant, actor = make_merchant(), make_actor(Role.CUSTOMER)
    first, second = (make_class(merchant, is_tracked=False) for _ in range(2))
    there, back = registers([(first, 1), (second, 1)], actor), registers([(second, 1), (first, 1)], actor)

    results = at_once(crowd, [there, back] * 8)

    assert outcomes(results) == {"placed": 1, "already_registered": 15}


def test_batches_with_the_same_person_lose_no_neighbour(crowd):
    merchant = make_merchant()
    seats = make_class(merchant, is_tracked=False)
    batches = [[wanted([(seats, 1)]), wanted([(seats, 1)], ASHA), wanted([(seats, 1)])] for _ in range(8)]

    results = at_once(crowd, [lambda batch=batch: place(merchant.id, batch) for batch in batches])

    assert sorted(outcomes(result)["placed"] for result in results) == [2] * 7 + [3]


@pytest.mark.parametrize("limit", [0, 3])
def test_of_30_people_with_guests_as_many_come_as_there_are_seats(crowd, limit):
    merchant = make_merchant()
    seats = make_class(merchant, max_quantity=limit)
    works = [registers([(seats, units)]) for units in (1, 2, 3) * 10]

    results = at_once(crowd, works)

    sold = sum(result.view.lines[0].held for result in results if isinstance(result, Placed))
    refused = [result.refusal.members["lines"][0]["wanted"] for result in results if not isinstance(result, Placed)]
    assert set(outcomes(results)) <= {"placed", "insufficient_stock"}
    assert balances(seats) == (12, sold, 0)
    assert sold <= 12
    assert 12 - sold < min(refused)


def test_a_limit_holds_for_whoever_tries_two_lines_at_once_with_others(crowd):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=100, max_quantity=3)
    two_lines, within = registers([(mug, 2), (mug, 2)], ASHA), registers([(mug, 2), (mug, 1)], ASHA)

    results = at_once(crowd, [two_lines, within] * 16)

    assert outcomes(results) == {"placed": 16, "over_limit": 16}
    assert balances(mug) == (100, 48, 0)


def test_cancelling_and_registering_again_at_once_leaves_one_or_none(crowd):
    merchant, actor = make_merchant(), make_actor(Role.CUSTOMER)
    seats = make_class(merchant)

    for _ in range(8):
        order = place_one([(seats, 2)], actor)

        _, *results = at_once(crowd, [cancels(order), *([registers([(seats, 1)], actor)] * 4)])

        standing = [result.view.order for result in results if isinstance(result, Placed)]
        assert len(standing) <= 1
        assert reread(order).state is State.CANCELLED
        assert balances(seats) == (12, len(standing), 0)
        for left in standing:
            cancels(left)()


def test_an_order_that_stands_again_and_new_ones_at_once_register_once(crowd):
    merchant, actor = make_merchant(), make_actor(Role.CUSTOMER)
    seats = make_class(merchant, is_tracked=False)
    again = registers([(seats, 2)], actor)()
    order, lines = again.view.order, [line.row for line in again.view.lines]
    in_transaction(lambda: registrations.drop(merchant.id, order.id, [seats.id]), of(merchant.id))

    def enters():
        registrations.enter(order, lines)
        return again

    results = at_once(crowd, [in_own(enters), *([registers([(seats, 1)], actor)] * 7)])

    refusals = [result if isinstance(result, Refusal) else getattr(result, "refusal", None) for result in results]
    assert Counter(refusal and refusal.code for refusal in refusals) == {None: 1, "already_registered": 7}
    standing = [order, *(result.view.order for result in results if isinstance(result, Placed) and result is not again)]
    for each in standing:  # so that the books agree: the first order was never away
        cancels(each)()
