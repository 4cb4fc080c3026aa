"""Orders that leave every list: those in the bin, and those that were deleted for good."""

from merchant_api.channels.shop_levels import ItemGone, ItemRef
from tests.channels.woocommerce.driver import open_shop
from tests.channels.woocommerce.reading import read_all


def test_an_order_in_the_bin_is_found_by_its_id_and_in_no_list(shop, bell):
    mark = open_shop(shop).orders({}).mark
    binned, kept = shop.book.place({bell: 2}), shop.book.place({bell: 1})
    shop.book.move(binned, "trash")
    listed = read_all(shop, mark)[0]

    found = {each.external_id: each for each in open_shop(shop).orders_by_id([str(binned.id), str(kept.id)])}

    assert listed == [str(kept.id)]
    assert found[str(binned.id)].lines[0].taken == 2  # the bin gives nothing back
    assert not found[str(binned.id)].is_open
    assert "bin" in found[str(binned.id)].notes[0]


def test_an_order_that_was_deleted_for_good_is_left_out(shop, bell):
    kept = shop.book.place({bell: 1})

    found = open_shop(shop).orders_by_id([str(kept.id), "99999", "nonsense"])

    assert [each.external_id for each in found] == [str(kept.id)]
    assert open_shop(shop).orders_by_id([]) == []


def test_an_order_that_is_taken_out_of_the_bin_is_told_though_no_event_says_so(shop, bell):
    order = shop.book.place({bell: 2})
    shop.book.move(order, "trash")
    mark = open_shop(shop).orders({}).mark
    shop.clock.tick(60)
    shop.book.move(order, "processing")

    assert read_all(shop, mark)[0] == [str(order.id)]


def test_an_order_that_goes_into_the_bin_is_a_hint_and_is_found_there(shop, bell, heard):
    order = shop.book.place({bell: 2})
    heard()
    shop.book.move(order, "trash")

    [hint] = heard()

    assert hint.order_ids == (str(order.id),)
    assert open_shop(shop).orders_by_id(hint.order_ids)[0].lines[0].taken == 2


def test_what_is_deleted_for_good_sends_no_event_and_is_found_by_asking(shop, bell, heard):
    order = shop.book.place({bell: 2})
    heard()
    shop.book.remove(order)
    shop.catalog.remove(shop.catalog.named(bell))

    told = heard()

    assert told == []
    assert open_shop(shop).orders_by_id([str(order.id)]) == []
    assert isinstance(open_shop(shop).read_levels([ItemRef(bell)])[0], ItemGone)
