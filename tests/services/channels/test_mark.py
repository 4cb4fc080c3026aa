"""What is put on the web stack: the newest level of what shops do not sell yet, one open record of each listing."""

from datetime import timedelta

import pytest

from merchant_api.channels import mark as marks
from merchant_api.channels.states import LevelState, ListingFault
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from tests.make.channels import make_channel, make_level, make_listing, stack_of
from tests.make.levels import set_stock
from tests.make.people import make_merchant
from tests.make.stock import make_product

LATER = timedelta(minutes=5)


@pytest.fixture
def merchant(database):
    return make_merchant()


def mark(merchant, **how):
    done = marks.mark(merchant.id, **how)
    session().commit()
    return done


def levels(merchant):
    return [(each.level, each.version, each.state) for each in stack_of(merchant.id)]


@pytest.mark.parametrize("acknowledged", [None, 4, 0])
def test_a_level_that_the_shop_is_not_known_to_sell_is_put_on_the_stack(merchant, acknowledged):
    make_listing(make_channel(merchant), make_product(merchant, 5), acknowledged)

    assert mark(merchant) == 1

    assert levels(merchant) == [(5, 1, LevelState.PENDING)]


def test_a_shop_that_sells_the_level_already_is_told_nothing_but_by_force(merchant):
    make_listing(make_channel(merchant), make_product(merchant, 5), 5)

    assert (mark(merchant), levels(merchant)) == (0, [])
    assert mark(merchant, is_forced=True) == 1


def test_what_the_origin_of_a_sale_sells_since_is_not_known(merchant):
    make_listing(make_channel(merchant), make_product(merchant, 5), 7, sold=3, sold_then=1)

    assert mark(merchant) == 1


def test_an_open_record_takes_the_newest_level_and_a_higher_version(merchant):
    product = make_product(merchant, 5)
    make_listing(make_channel(merchant), product, 4)
    mark(merchant)
    set_stock(product, 7)

    assert mark(merchant, product_ids=[product.id]) == 1
    assert mark(merchant, product_ids=[product.id]) == 0

    assert levels(merchant) == [(7, 2, LevelState.PENDING)]


@pytest.mark.parametrize(("on_hand", "is_at_once"), [(0, True), (3, False)])
def test_a_zero_waits_for_no_next_try(merchant, on_hand, is_at_once):
    product = make_product(merchant, on_hand)
    make_level(make_listing(make_channel(merchant), product), 9, due_at=clock.now() + LATER, attempts=3)

    mark(merchant)

    (record,) = stack_of(merchant.id)
    assert (record.level, record.due_at <= clock.now()) == (on_hand, is_at_once)


def test_a_lease_ends_when_it_would_whatever_is_marked_meanwhile(merchant):
    product, until = make_product(merchant, 0), clock.now() + LATER
    listing = make_listing(make_channel(merchant), product)
    make_level(listing, 9, due_at=until, lease_token=new_id(), sent_version=1)

    mark(merchant)

    (record,) = stack_of(merchant.id)
    assert (record.level, record.version, record.sent_version, record.due_at) == (0, 2, 1, until)


@pytest.mark.parametrize(("fault", "state"), [(None, LevelState.HELD), (ListingFault.GONE, LevelState.PENDING)])
def test_what_a_person_holds_stays_held_and_what_a_fault_holds_is_tried_with_the_next_level(merchant, fault, state):
    listing = make_listing(make_channel(merchant), make_product(merchant, 5), fault=fault)
    make_level(listing, 9, state=LevelState.HELD)

    mark(merchant)

    assert levels(merchant) == [(5, 2, state)]


@pytest.mark.parametrize(
    ("of_merchant", "of_channel", "of_listing", "of_product"),
    [
        ({"is_synchronised": False}, {}, {}, {}),
        ({}, {"is_synchronised": False}, {}, {}),
        ({}, {"ended_at": clock.now()}, {}, {}),
        ({}, {}, {"is_paused": True}, {}),
        ({}, {}, {}, {"is_tracked": False}),
    ],
)
def test_nothing_is_put_on_the_stack_of_what_is_not_kept_in_step(
    database, of_merchant, of_channel, of_listing, of_product
):
    merchant = make_merchant(**of_merchant)
    channel = make_channel(merchant, **of_channel)
    make_listing(channel, make_product(merchant, 5, **of_product), **of_listing)

    assert mark(merchant, is_forced=True) == 0


def test_only_the_channel_and_the_products_that_are_named_are_marked(merchant):
    first, second = make_channel(merchant), make_channel(merchant)
    products = [make_product(merchant, 5) for _ in range(3)]
    for channel in (first, second):
        for product in products:
            make_listing(channel, product)

    assert mark(merchant, channel_id=first.id, product_ids=[products[0].id, products[1].id]) == 2

    wanted = {(first.id, products[0].id), (first.id, products[1].id)}
    assert {(each.channel_id, each.product_id) for each in stack_of(merchant.id)} == wanted


def test_a_merchant_never_marks_what_is_anothers(merchant):
    make_listing(make_channel(merchant), make_product(merchant, 5))

    assert (mark(make_merchant()), levels(merchant)) == (0, [])
