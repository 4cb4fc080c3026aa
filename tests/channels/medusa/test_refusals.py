"""What becomes of levels that a Medusa refuses or changes under our hands, and where a pass over its orders begins."""

import pytest

from merchant_api.channels.shop_levels import Acknowledged, ItemGone, ItemRef, ItemRefused, LevelWanted, Overtaken
from tests.channels.medusa.stand_in import listed, refused, stocked, unstocked


def wanted(*items):
    return [LevelWanted(ItemRef(item), 5) for item in items]


def test_a_refused_batch_is_sent_in_halves_until_the_bad_row_stands_alone(shop):
    items = ["iitem_1", "iitem_2", "iitem_3", "iitem_4"]
    no = refused(400, "too much")
    halves = [no, no, {"updated": [stocked("iitem_1", 5)]}, no]
    rest = {"updated": [stocked("iitem_3", 5), stocked("iitem_4", 5)]}
    shop.queue += [listed(*(stocked(item, 1) for item in items)), *halves, rest]

    outcomes = shop.open().set_levels(wanted(*items))

    assert [type(each) for each in outcomes] == [Acknowledged, ItemRefused, Acknowledged, Acknowledged]
    assert [len(each["update"]) for each in shop.asked[1:]] == [4, 2, 1, 1, 2]
    assert "too much" in outcomes[1].why


@pytest.mark.parametrize(
    "told", [{"updated": [stocked("iitem_1", 8)]}, {"updated": []}, {"updated": None}, {}, [], None]
)
def test_a_level_that_the_answer_does_not_show_is_not_acknowledged(shop, told):
    shop.queue += [listed(stocked("iitem_1", 1, 2)), told]

    (outcome,) = shop.open().set_levels(wanted("iitem_1"))

    assert isinstance(outcome, Overtaken)
    assert shop.asked[1]["update"][0]["stocked_quantity"] == 7


def test_the_available_of_an_answer_is_not_believed(shop):
    shop.queue += [listed(stocked("iitem_1", 1, 2)), {"updated": [stocked("iitem_1", 7, 2, available_quantity=-1)]}]

    (outcome,) = shop.open().set_levels(wanted("iitem_1"))

    assert (outcome.level, outcome.stands) == (5, 7)


@pytest.mark.parametrize(
    ("found", "said", "outcome"),
    [
        (listed(stocked("iitem_1", 1)), refused(404, "Item iitem_1 is not stocked at location sloc_1"), Overtaken),
        (listed(stocked("iitem_1", 1)), refused(400, "Value too large"), ItemRefused),
    ],
)
def test_a_level_that_went_away_meanwhile_is_read_anew(shop, found, said, outcome):
    shop.queue += [found, said]

    assert [type(each) for each in shop.open().set_levels(wanted("iitem_1"))] == [outcome]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (refused(400, "Inventory level of iitem_1, sloc_1 already exists."), Overtaken),
        (refused(404, "such entity does not exist"), ItemGone),
        (refused(400, "Value too large"), ItemRefused),
    ],
)
def test_a_level_that_came_meanwhile_is_read_anew_and_an_item_that_went_is_gone(shop, said, outcome):
    places = {"stock_locations": [{"id": "sloc_1", "name": "Main"}]}
    shop.queue += [unstocked("iitem_1"), places, said]

    assert [type(each) for each in shop.open().set_levels(wanted("iitem_1"))] == [outcome]


def test_a_pass_over_orders_begins_before_the_newest_stamp_and_tells_what_came_late(shop):
    at, late = "2026-11-28T21:40:12.005Z", "2026-11-28T21:40:09.000Z"
    rows = [{"id": "order_2", "updated_at": late}, {"id": "order_1", "updated_at": at}]
    shop.queue += [{"orders": [{"created_at": at, "currency_code": "npr", **row} for row in rows]}]

    feed = shop.open().orders({"at": at, "told": {"order_1": at}})

    assert shop.asked[0]["updated_at[$gte]"] == ["2026-11-28T21:40:02.005Z"]
    assert [each.external_id for each in feed.orders] == ["order_2"]
    assert (feed.mark["at"], set(feed.mark["told"]), feed.has_more) == (at, {"order_1", "order_2"}, False)


def test_a_shop_without_orders_begins_at_the_beginning(shop):
    shop.queue += [{"orders": []}, {"orders": []}]

    mark = shop.open().orders({}).mark
    shop.open().orders(mark)

    assert shop.asked[1]["updated_at[$gte]"] == ["1969-12-31T23:59:50.000Z"]
