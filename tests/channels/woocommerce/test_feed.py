"""Orders that are new or changed: none missed, whatever the stamps, the pages and the drafts do."""

from tests.channels.woocommerce.driver import open_shop
from tests.channels.woocommerce.reading import read_all


def test_an_empty_mark_begins_now_and_tells_no_order_from_before(shop, bell):
    before = shop.book.place({bell: 1})
    first = open_shop(shop).orders({})
    after = shop.book.place({bell: 1})  # in the same second

    found, mark = read_all(shop, first.mark)

    assert (first.orders, first.has_more) == ((), False)
    assert found == [str(after.id)]
    assert str(before.id) not in read_all(shop, mark)[0]


def test_an_order_from_before_that_changes_is_told(shop, bell):
    before = shop.book.place({bell: 1})
    mark = open_shop(shop).orders({}).mark
    shop.book.refund(before, {bell: 1})  # in the same second, too

    assert read_all(shop, mark)[0] == [str(before.id)]


def test_a_shop_without_any_order_tells_its_first_one(shop, bell):
    mark = open_shop(shop).orders({}).mark
    first = shop.book.place({bell: 1})

    found, later = read_all(shop, mark)

    assert found == [str(first.id)]
    assert later == {"newest": "2026-03-01T12:00:00"}


def test_stamps_are_asked_for_in_utc_though_the_shop_lives_by_local_time(shop, bell):
    shop.book.place({bell: 1})
    mark = open_shop(shop).orders({}).mark
    shop.clock.tick(60)
    later = shop.book.place({bell: 1})

    assert read_all(shop, mark)[0] == [str(later.id)]
    assert read_all(shop, {"newest": "2026-03-01T12:01:10"})[0] == []


def test_a_change_in_the_second_of_the_mark_is_not_missed(shop, bell):
    mark = open_shop(shop).orders({}).mark
    shop.book.place({bell: 1})
    mark = read_all(shop, mark)[1]
    same = shop.book.place({bell: 1})  # `modified_after` is exclusive, and would never show it

    assert str(same.id) in read_all(shop, mark)[0]


def test_a_checkout_that_was_opened_long_ago_is_told_when_it_is_placed(shop, bell):
    mark = open_shop(shop).orders({}).mark
    opened = shop.book.place({bell: 1}, "checkout-draft")
    drafted, mark = read_all(shop, mark)
    shop.clock.tick(3600)
    shop.book.move(opened, "processing")

    found = read_all(shop, mark)[0]

    assert drafted == []
    assert found == [str(opened.id)]  # under the same id and date of creation


def test_a_draft_of_the_admin_is_no_order(shop, bell):
    mark = open_shop(shop).orders({}).mark
    shop.book.place({bell: 1}, "auto-draft")

    assert read_all(shop, mark)[0] == []


def test_a_checkout_that_was_open_when_the_reading_began_is_told_when_it_is_placed(shop, bell):
    opened = shop.book.place({bell: 1}, "checkout-draft")
    mark = open_shop(shop).orders({}).mark
    shop.book.move(opened, "processing")  # in the same second

    found = read_all(shop, mark)[0]

    assert found == [str(opened.id)]
    assert shop.book.row(opened)["date_created_gmt"] == "2026-03-01T12:00:00"


def test_an_order_that_failed_after_it_was_paid_is_told_again(shop, bell):
    order = shop.book.place({bell: 1})
    mark = open_shop(shop).orders({}).mark
    shop.clock.tick(60)
    shop.book.move(order, "failed")

    assert read_all(shop, mark)[0] == [str(order.id)]
