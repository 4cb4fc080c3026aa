"""Levels of many items, and levels that are read: every answer is compared, no row holds up another."""

import json

import pytest

from merchant_api.channels.shop_levels import Acknowledged, ItemGone, ItemLater, ItemRef, ItemRefused, LevelWanted


def wanted(shop_id, level):
    return LevelWanted(ItemRef(shop_id), level)


def test_a_hundred_levels_are_one_call_and_their_answer_is_whole(shop, woo):
    ids = [shop.add("Bell", 5) for _ in range(100)]

    done = woo.set_levels([wanted(each, number) for number, each in enumerate(ids)])

    assert {type(each) for each in done} == {Acknowledged}
    assert [shop.level(each) for each in ids] == list(range(100))
    assert shop.calls == ["POST /products/batch"]


def test_a_row_that_is_refused_stands_for_itself(shop, woo):
    bell, cup = shop.add("Bell", 5), shop.add("Cup", 5)
    abroad = shop.add("Abroad", None, type="external", manages=False)
    small = shop.catalog.vary(shop.catalog.add("Shirt", 4, type="variable"), "S", 2)

    done = woo.set_levels([wanted(each, 7) for each in (bell, "999", abroad, str(small.id), cup)])

    assert [type(each) for each in done] == [Acknowledged, ItemGone, ItemRefused, ItemRefused, Acknowledged]
    assert done[1].response.status == 400


def test_variations_go_parent_by_parent(shop, woo):
    families = [shop.catalog.add(name, None, type="variable", manages=False) for name in ("Shirt", "Cap")]
    ids = [shop.catalog.shop_id(shop.catalog.vary(each, size, 1)) for each in families for size in ("S", "L")]

    done = woo.set_levels([wanted(each, 7) for each in ids])

    assert {type(each) for each in done} == {Acknowledged}
    assert shop.calls == [f"POST /products/{each.id}/variations/batch" for each in families]


def test_variations_whose_product_is_gone_are_gone(shop, woo):
    assert {type(each) for each in woo.set_levels([wanted("900/901", 1), wanted("900/902", 1)])} == {ItemGone}


def test_zeros_stand_in_front(shop, woo):
    bell, cup, pen = (shop.add(name, 5) for name in ("Bell", "Cup", "Pen"))
    written = []
    store = shop.catalog.write
    shop.catalog.write = lambda thing, body, *, is_checked: (
        written.append(body["stock_quantity"]),
        store(thing, body, is_checked=is_checked),
    )[1]

    woo.set_levels([wanted(bell, 3), wanted(cup, 0), wanted(pen, 4)])

    assert written == [0, 3, 4]


def test_only_integers_are_sent_for_a_batch_stores_a_word_as_nothing(shop, woo):
    bell, cup = shop.catalog.named(shop.add("Bell", 5)), shop.add("Cup", 5)

    stored = [
        shop.catalog.write(bell, {"stock_quantity": value}, is_checked=False)["stock_quantity"]
        for value in (2.7, "x", [], True, "5 units", None)
    ]
    woo.set_levels([wanted(str(bell.id), True), wanted(cup, 2)])

    assert stored == [2, 0, 0, 1, 5, 5]
    assert json.dumps(shop.level(str(bell.id))) == "1"


def test_a_row_that_breaks_the_batch_holds_up_no_other(shop, woo):
    ids = [shop.add("Bell", 5) for _ in range(20)]
    shop.breaks_on = {int(ids[13])}

    done = woo.set_levels([wanted(each, 7) for each in ids])

    assert isinstance(done[13], ItemLater)
    assert {type(each) for each in done[:13] + done[14:]} == {Acknowledged}


def test_a_shop_that_takes_smaller_batches_gets_them(shop, woo):
    shop.batch_limit = 25
    ids = [shop.add("Bell", 5) for _ in range(100)]

    done = woo.set_levels([wanted(each, 7) for each in ids])

    assert {type(each) for each in done} == {Acknowledged}
    assert [shop.level(each) for each in ids] == [7] * 100


def test_a_row_that_the_answer_leaves_out_is_sent_again(shop, woo):
    bell, cup = shop.add("Bell", 5), shop.add("Cup", 5)
    shop.answers = [(200, "[]")]

    assert {type(each) for each in woo.set_levels([wanted(bell, 1), wanted(cup, 1)])} == {ItemLater}


@pytest.mark.parametrize("version", ["10.5.0", "9.9.5"])
def test_levels_of_products_and_variations_are_read_together(shop, woo, version):
    shop.version = version
    bell, shirt = shop.add("Bell", -4), shop.catalog.add("Shirt", 4, type="variable")
    small, large = (shop.catalog.shop_id(shop.catalog.vary(shirt, *size)) for size in (("S",), ("L", 9)))

    read = woo.read_levels([ItemRef(each) for each in (bell, small, large)])

    assert [each.sells for each in read] == [-4, None, 9]  # negative: the shop oversold
    assert f"list {shirt.id} in its place" in read[1].why


def test_what_is_not_counted_has_no_level_though_an_old_figure_is_shown(shop, woo):
    bell, cup = shop.add("Bell", 5), shop.add("Cup", 2.5)
    half = woo.read_levels([ItemRef(cup)])[0]
    shop.catalog.counts = False

    read = woo.read_levels([ItemRef(bell)])[0]

    assert (read.sells, read.why) == (None, "The shop does not count stock of it.")
    assert half.sells == 2
    assert "fractions" in half.why


def test_units_that_an_unpaid_checkout_holds_are_not_subtracted(shop, woo):
    bell = shop.add("Bell", 5)
    shop.book.place({bell: 2}, "pending")

    assert woo.read_levels([ItemRef(bell)])[0].sells == 5


def test_the_variation_of_another_product_is_gone(shop, woo):
    shirt, cap = (shop.catalog.add(name, 4, type="variable") for name in ("Shirt", "Cap"))
    small = shop.catalog.vary(shirt, "S", 2)

    assert isinstance(woo.read_levels([ItemRef(f"{cap.id}/{small.id}")])[0], ItemGone)
    assert isinstance(woo.set_levels([wanted(f"{cap.id}/{small.id}", 1)])[0], ItemGone)
