"""Orders that are new or changed: none missed, whatever the stamps, the pages and the drafts do."""

from datetime import UTC, datetime, timedelta

import pytest

from merchant_api.channels.kinds.woocommerce import feed
from tests.channels.woocommerce.driver import open_shop

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def bell(shop):
    shop.clock.stop(NOON)
    return shop.add("Bell", 1000)


def read_all(shop, mark):
    """Ids in the order of their coming, and the mark behind them."""
    found = []
    while True:
        page = open_shop(shop).orders(mark)
        found += [order.external_id for order in page.orders]
        mark = page.mark
        if not page.has_more:
            return found, mark


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
