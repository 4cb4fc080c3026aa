"""Pages of orders: rows move under them, stamps are shared by more than a page holds, the time of a pass ends."""

from datetime import UTC, datetime, timedelta

from merchant_api.channels.kinds.woocommerce import feed
from tests.channels.woocommerce.driver import open_shop
from tests.channels.woocommerce.reading import read_all


def test_more_orders_in_one_second_than_a_page_has_all_come(shop, bell):
    mark = open_shop(shop).orders({}).mark
    ids = [str(shop.book.place({bell: 1}).id) for _ in range(250)]
    shop.clock.tick()
    ids.append(str(shop.book.place({bell: 1}).id))

    found, mark = read_all(shop, mark)

    assert set(found) == set(ids)
    assert "page" not in mark


def test_a_page_that_moves_while_it_is_read_hides_no_order(shop, bell):
    mark = open_shop(shop).orders({}).mark
    placed = []
    for _ in range(150):
        shop.clock.tick()
        placed.append(shop.book.place({bell: 1}))
    page = open_shop(shop).orders(mark)
    shop.clock.tick()
    shop.book.touch(placed[0])  # all that follow move one place up

    found, _ = read_all(shop, page.mark)

    assert page.has_more
    assert {each.external_id for each in page.orders} | set(found) == {str(each.id) for each in placed}


def test_an_order_with_a_stamp_from_the_future_hides_none_that_follow(shop, bell):
    mark = open_shop(shop).orders({}).mark
    shop.clock.stop(datetime.now(UTC) + timedelta(days=400))
    shop.book.place({bell: 1})
    mark = read_all(shop, mark)[1]
    shop.clock.stop(datetime.now(UTC) + timedelta(seconds=1))
    next_one = shop.book.place({bell: 1})

    assert str(next_one.id) in read_all(shop, mark)[0]


def test_a_page_that_takes_too_long_ends_early_and_loses_nothing(shop, bell, monkeypatch):
    mark = open_shop(shop).orders({}).mark
    placed = []
    for _ in range(3):
        shop.clock.tick()
        placed.append(shop.book.place({bell: 1}))
    monkeypatch.setattr(feed, "SLICE_S", -1.0)

    page = open_shop(shop).orders(mark)
    found, _ = read_all(shop, page.mark)

    assert [each.external_id for each in page.orders] == [str(placed[0].id)]
    assert page.has_more
    assert set(found) >= {str(each.id) for each in placed[1:]}


def test_no_page_asks_for_more_than_a_hundred(shop, bell):
    shop.book.place({bell: 1})

    read_all(shop, {"newest": None})

    assert shop.calls == ["GET /orders"]
