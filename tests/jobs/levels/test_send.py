"""Levels on their way to a shop: the newest only, zeros first and apart, each listing on its own."""

from datetime import timedelta

import pytest

from jobs.channels import note
from merchant_api.channels.shop_levels import Acknowledged, ItemGone, ItemLater, ItemRefused, Overtaken, Response
from merchant_api.channels.states import LevelState, ListingFault
from merchant_api.core import clock
from merchant_api.core.db import session
from tests.fakes.web_shop import OK, taken
from tests.jobs.levels.conftest import settle
from tests.make.channels import make_channel, make_listing, stack_of
from tests.make.levels import listing_of, make_waiting, set_stock
from tests.make.people import make_merchant
from tests.make.stock import make_product

NO = Response("no such thing", 404)


@pytest.fixture
def merchant(fresh):
    return make_merchant()


@pytest.fixture
def channel(merchant):
    return make_channel(merchant)


def flat(calls):
    return [each for call in calls for each in call]


def test_a_change_of_stock_reaches_every_shop_that_lists_the_product(merchant, shops, all_sent):
    product, other = make_product(merchant, 5), make_product(merchant, 5)
    channels = [make_channel(merchant) for _ in range(3)]
    for each in channels:
        make_listing(each, product, 5)
        make_listing(each, other, 5)
    all_sent()

    set_stock(product, 4)
    all_sent()

    assert sorted(shops.calls) == sorted((each.address, [(product.sku, 4)]) for each in channels)


def test_what_arrived_is_known_and_done(merchant, channel, shops, all_sent):
    (product,) = make_waiting(merchant, channel, 5)

    all_sent()

    (record,), listing = stack_of(merchant.id), listing_of(channel, product)
    assert (record.state, record.status, record.text, record.attempts) == (LevelState.DONE, 200, "taken", 1)
    assert (listing.acknowledged, listing.shop_level, listing.expected) == (5, 5, 5)


def test_only_the_newest_level_is_sent(merchant, channel, shops, all_sent):
    (product,) = make_waiting(merchant, channel, 5)
    set_stock(product, 8)
    set_stock(product, 3)

    all_sent()

    assert shops.sent() == [[(product.sku, 3)]]


def test_what_changes_while_a_level_is_on_its_way_follows_it(merchant, channel, shops, sending):
    (product,) = make_waiting(merchant, channel, 5)
    gate = shops.gate(channel.address)
    sending.turn()
    assert shops.began.acquire(timeout=20)
    set_stock(product, 3)
    note.run()
    sending.turn()

    gate.set()
    settle(sending)

    assert (shops.sent(), shops.overlaps) == ([[(product.sku, 5)], [(product.sku, 3)]], [])
    assert [each.state for each in stack_of(merchant.id)] == [LevelState.DONE]


def test_a_zero_overtakes_everything_and_shares_no_call(merchant, channel, shops, all_sent):
    shops.can(most_set=3, calls_at_once=1)
    products = make_waiting(merchant, channel, *range(1, 8), 0)

    all_sent()

    assert shops.sent()[0] == [(products[-1].sku, 0)]
    assert sorted(map(len, shops.sent()[1:])) == [1, 3, 3]


def test_a_level_that_has_become_a_zero_since_shares_no_call_either(merchant, channel, shops, all_sent):
    products = make_waiting(merchant, channel, 4, 5, 6)
    set_stock(products[1], 0)

    all_sent()

    assert sorted(shops.sent()) == sorted([[(products[1].sku, 0)], [(products[0].sku, 4), (products[2].sku, 6)]])


def test_more_zeros_than_calls_share_theirs_with_zeros_only(merchant, channel, shops, all_sent):
    shops.can(calls_at_once=1)
    make_waiting(merchant, channel, 7, *[0] * 10)

    all_sent()

    assert [{level for _, level in call} for call in shops.sent()] == [{0}, {7}]


@pytest.mark.parametrize(
    ("outcome", "fault"),
    [
        (lambda wanted: ItemGone(wanted.ref, NO), ListingFault.GONE),
        (lambda wanted: ItemRefused(wanted.ref, "Say yes.", NO), ListingFault.REFUSED),
        (lambda wanted: ItemRefused(wanted.ref, "Count it.", NO, is_ignored=True), ListingFault.IGNORED),
    ],
)
def test_a_listing_that_fails_is_held_and_blocks_nobody(merchant, channel, shops, all_sent, outcome, fault):
    bad, *good = make_waiting(merchant, channel, 5, 6, 7)
    shops.answers[bad.sku] = outcome

    all_sent()

    states = {each.product_id: (each.state, each.text) for each in stack_of(merchant.id)}
    assert states == {bad.id: (LevelState.HELD, NO.text), **{each.id: (LevelState.DONE, OK.text) for each in good}}
    assert (listing_of(channel, bad).fault, bool(listing_of(channel, bad).why)) == (fault, True)


def test_a_later_change_tries_a_listing_that_failed_again_and_clears_it(merchant, channel, shops, all_sent):
    (product,) = make_waiting(merchant, channel, 5)
    shops.answers[product.sku] = lambda wanted: ItemGone(wanted.ref, NO)
    all_sent()
    del shops.answers[product.sku]

    set_stock(product, 4)
    all_sent()

    listing = listing_of(channel, product)
    assert (listing.acknowledged, listing.fault, listing.why) == (4, None, None)


def test_an_item_that_fails_for_now_is_tried_again_later(merchant, channel, shops, sending):
    (product,) = make_waiting(merchant, channel, 5)
    shops.answers[product.sku] = lambda wanted: ItemLater(wanted.ref, NO, after_s=90)

    settle(sending)

    (record,) = stack_of(merchant.id)
    assert (record.state, record.attempts, record.text) == (LevelState.PENDING, 1, NO.text)
    assert record.due_at > clock.now() + timedelta(seconds=80)


def test_what_was_overtaken_in_the_shop_is_sent_again_at_once(merchant, channel, shops, all_sent):
    (product,) = make_waiting(merchant, channel, 5)
    answers = [taken, lambda wanted: Overtaken(wanted.ref, NO)]
    shops.answers[product.sku] = lambda wanted: answers.pop()(wanted)  # noqa: PLW0108 - the next one at each call

    all_sent()

    assert shops.sent() == [[(product.sku, 5)]] * 2


def test_a_shop_that_shows_another_level_than_it_was_told_is_not_in_step(merchant, channel, shops, sending):
    (product,) = make_waiting(merchant, channel, 5)
    shops.answers[product.sku] = lambda wanted: Acknowledged(wanted.ref, 4, 4, OK)

    settle(sending)

    (record,) = stack_of(merchant.id)
    assert (record.state, record.due_at > clock.now()) == (LevelState.PENDING, True)
    assert listing_of(channel, product).acknowledged == 4


def test_what_is_not_kept_in_step_any_more_is_skipped_unsent(merchant, channel, shops, all_sent):
    (product,) = make_waiting(merchant, channel, 5)
    listing_of(channel, product).is_paused = True
    session().commit()

    all_sent()

    assert ([each.state for each in stack_of(merchant.id)], shops.calls) == ([LevelState.SKIPPED], [])


def test_a_kind_gets_no_more_at_once_than_it_bears(merchant, channel, shops, sending):
    shops.can(most_set=1, calls_at_once=2)
    make_waiting(merchant, channel, 5)
    settle(sending)
    gate = shops.gate(channel.address)
    make_waiting(merchant, channel, *range(1, 9))

    sending.turn()
    sending.turn()

    assert len(shops.calls) == 1 + 2
    gate.set()
    settle(sending)
    assert len(flat(shops.sent())) == 9
