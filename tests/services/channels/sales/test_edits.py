"""Orders that a shop edits: more and less, other lines and other keys, and readings that come late."""

from dataclasses import replace

from tests.make.sales import orders_of, sale_of, shop_line, shop_order, told
from tests.make.snapshot import check_books, everything
from tests.make.stock import available, balances, make_product


def test_an_order_edited_up_and_down_follows(channel, mug):
    for units in (2, 4, 1, 5, 5):
        told(channel, shop_order(shop_line(mug, units)))
        assert available(mug) == 5 - units

    assert [order.external_id for order in orders_of(channel)] == ["#1001", "#1001/2", "#1001/3"]
    assert sale_of(channel).order_id == orders_of(channel)[0].id
    check_books(channel.merchant_id)


def test_a_line_that_was_removed_gives_its_units_back_and_a_new_one_takes(channel, merchant, mug):
    bowl = make_product(merchant, on_hand=5)
    told(channel, shop_order(shop_line(mug, 2)))

    told(channel, shop_order(shop_line(bowl, 3)))

    assert (available(mug), available(bowl)) == (5, 2)
    check_books(merchant.id)


def test_a_line_with_another_key_is_not_sold_twice(channel, mug):
    told(channel, shop_order(shop_line(mug, 2, key="1")))
    before = everything(channel.merchant_id)

    told(channel, shop_order(shop_line(mug, 2, key="line-77")))

    assert everything(channel.merchant_id) == before


def test_a_line_keeps_its_product_when_the_shop_has_forgotten_it(channel, mug):
    told(channel, shop_order(shop_line(mug, 2, key="7")))

    told(channel, shop_order(replace(shop_line(mug, 2, key="7"), sku=None, taken=1, cancelled=1)))

    assert available(mug) == 4


def test_units_that_a_shop_took_twice_are_told(channel, mug):
    note = "Of MUG the shop took 6 units for 3: 3 of them are lost there."

    stands = told(channel, shop_order(shop_line(mug, 3), notes=[note]))

    assert (stands.why, available(mug)) == (note, 2)


def test_another_shop_order_may_have_the_id_of_a_further_one(channel, mug):
    told(channel, shop_order(shop_line(mug), external_id="7/2"))
    told(channel, shop_order(shop_line(mug), external_id="7"))

    told(channel, shop_order(shop_line(mug, 2), external_id="7"))

    assert [order.external_id for order in orders_of(channel)] == ["7/2", "7", "7/3"]
    assert balances(mug) == (5, 3, 0)


def test_an_older_reading_changes_nothing(channel, mug):
    first = shop_order(shop_line(mug, 1))
    early = first.placed_at
    told(channel, shop_order(shop_line(mug, 3)))

    stands = told(channel, first, read_at=early)

    assert stands.is_stale
    assert available(mug) == 2
