"""A checkout names its order as `client_reference_id` where its metadata name none; what is no order names nothing."""

from datetime import timedelta

import pytest

from merchant_api.core import clock
from merchant_api.orders.states import State
from tests.make.orders import reread
from tests.make.people import make_merchant
from tests.make.providers import checkout, events_told, try_again
from tests.services.providers.conftest import PRICE, awaiting, pays, tells


def checks_out(provider, hint, payment="pi_1", **metadata):
    about = checkout(payment, PRICE, **metadata) | {"client_reference_id": hint}
    return tells(provider, "checkout.session.completed", about)


@pytest.mark.parametrize("hint", [lambda order: str(order.id), lambda order: order.code, lambda o: o.code.lower()])
def test_a_checkout_that_names_an_order_pays_it(shop, provider, hint):
    order = awaiting(shop)

    assert checks_out(provider, hint(order)) == "applied"
    assert (reread(order).state, reread(order).paid) == (State.CONFIRMED, PRICE)


def test_the_metadata_go_first(shop, provider):
    order, other = awaiting(shop), awaiting(shop)

    assert checks_out(provider, str(other.id), order_id=str(order.id)) == "applied"
    assert (reread(order).paid, reread(other).paid) == (PRICE, 0)


@pytest.mark.parametrize("hint", ["0190f3a4-0000-7000-8000-000000000001", "cus_1", "x" * 300, "-", "' OR true --"])
def test_what_is_no_order_waits_for_the_payment_to_name_one(shop, provider, hint):
    order = awaiting(shop)
    assert checks_out(provider, hint) == "waiting"

    pays(provider, "pi_1", PRICE, order_id=str(order.id))
    try_again(shop)

    assert (reread(order).paid, reread(order).parked) == (PRICE, 0)
    assert {state for state, _ in events_told(shop).values()} == {"applied"}


def test_another_merchant_s_order_is_none_of_this_one(shop, provider):
    stranger = awaiting(make_merchant())

    for number, hint in enumerate((str(stranger.id), stranger.code)):
        assert checks_out(provider, hint, f"pi_{number}") == "waiting"
    assert reread(stranger).paid == 0


def test_what_never_becomes_an_order_is_listed_after_three_days(shop, provider):
    order = awaiting(shop)
    checks_out(provider, "later")
    assert checks_out(provider, order.code, "pi_2") == "applied"

    with clock.clock.pinned(clock.now() + timedelta(hours=80)):
        try_again(shop)
    assert sorted(events_told(shop).values()) == [("applied", None), ("unmatched", "names_no_order")]


def test_a_checkout_that_names_another_order_than_its_payment_is_looked_at(shop, provider):
    order, other = awaiting(shop), awaiting(shop)
    pays(provider, "pi_1", PRICE, order_id=str(order.id))

    assert checks_out(provider, str(other.id)) == "unmatched"
    assert ("unmatched", "other_order") in events_told(shop).values()
