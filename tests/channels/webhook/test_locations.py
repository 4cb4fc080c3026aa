"""A shop of several places: what it says of an item at one of them is not said of another."""

from merchant_api.channels.shop_levels import Acknowledged, ItemGone, ItemRef, ItemRefused, LevelWanted, ShopLevel
from tests.channels.webhook.driver import WebhookDriver
from tests.channels.webhook.stand_in import WebhookStandIn

HERE, THERE = ItemRef("item-1", "Patan"), ItemRef("item-1", "Pokhara")


def test_what_is_refused_at_one_place_arrives_at_the_other(shop: WebhookStandIn, driver: WebhookDriver) -> None:
    row = {"shop_id": "item-1", "location": "Pokhara", "state": "refused", "why": "The place is closed."}
    shop.odd["levels.set"] = (200, {"results": [row]})

    here, there = driver.open().set_levels([LevelWanted(HERE, 3), LevelWanted(THERE, 4)])

    assert isinstance(here, Acknowledged)
    assert isinstance(there, ItemRefused)


def test_each_place_is_read_by_itself(shop: WebhookStandIn, driver: WebhookDriver) -> None:
    rows = [{"shop_id": "item-1", "location": place, "level": level} for place, level in (("Pokhara", 4), ("Patan", 3))]
    shop.odd["levels.read"] = (200, {"levels": rows})

    read = driver.open().read_levels([HERE, THERE, ItemRef("item-1", "Jumla")])

    assert [each.sells if isinstance(each, ShopLevel) else type(each) for each in read] == [3, 4, ItemGone]
    assert shop.asked[-1] == ("levels.read", {"shop_ids": ["item-1"]})
