"""How our connector reaches a real Vendure: who it is there, where it writes, and what is in the way."""

import pytest

from merchant_api.channels.connector import ShopAccess
from merchant_api.channels.faults import ShopAway, ShopDenies, ShopOdd
from merchant_api.channels.kinds.vendure.connector import CONNECTOR
from merchant_api.channels.shop_levels import Acknowledged, ItemRef, ItemRefused, LevelWanted
from tests.shops import vendure_asks as asks
from tests.shops.vendure_driver import VendureDriver

pytestmark = pytest.mark.xdist_group("vendure")


@pytest.fixture
def driver(vendure: VendureDriver) -> VendureDriver:
    """The shop."""
    return vendure


def test_levels_go_to_the_location_that_was_chosen_and_to_the_oldest_otherwise(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    back = driver.api.admin(asks.ADD_LOCATION, input={"name": "Back room"})["id"]
    asked, chosen = driver.open().check(), driver.open(location=back).check()

    (outcome,) = driver.open(location=back).set_levels([LevelWanted(ItemRef(mug), 7)])
    seen = driver.stock(mug)["stockLevels"]
    driver.api.admin(asks.REMOVE_LOCATION, input={"id": back})

    assert asked.location == "Default Stock Location (1)"
    assert [f"Back room ({back})" in each for each in asked.problems] == [True]
    assert (chosen.location, list(chosen.problems)) == (f"Back room ({back})", [])
    assert isinstance(outcome, Acknowledged)
    assert {each["stockLocationId"]: each["stockOnHand"] for each in seen} == {"1": 10, back: 7}


def test_a_location_that_is_not_there_is_told_with_those_that_are(driver):
    mug = driver.add_item("MUG", "Mug", 10)

    (outcome,) = driver.open(location="77").set_levels([LevelWanted(ItemRef(mug), 7)])
    checked = driver.open(location="77").check()

    assert isinstance(outcome, ItemRefused)
    assert "no stock location 77; it has Default Stock Location (1)" in outcome.why
    assert list(checked.problems) == [outcome.why]


def test_an_account_that_may_only_read_is_told_what_it_lacks(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    reader = driver.add_account("reader@example.com", ["ReadCatalog"])

    checked = driver.open(credentials=reader).check()

    assert checked.can == {"items"}
    assert [each.split(",")[0] for each in checked.problems] == [
        "The account lacks the right UpdateCatalog",
        "The account lacks the right ReadOrder",
    ]
    with pytest.raises(ShopDenies, match="lacks a right"):
        driver.open(credentials=reader).set_levels([LevelWanted(ItemRef(mug), 5)])


def test_an_account_that_may_only_read_orders_reads_them(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    clerk = driver.add_account("clerk@example.com", ["ReadOrder"])
    mark = driver.open(credentials=clerk).orders({}).mark
    placed = driver.order({mug: 1})

    (order,) = driver.open(credentials=clerk).orders(mark).orders

    assert (order.external_id, order.lines[0].sku, order.customer.name) == (placed, "MUG", "Asha Rai")
    assert driver.open(credentials=clerk).check().can == {"orders"}


def test_a_shop_of_several_channels_is_read_by_the_token_of_one(driver):
    first = driver.api.admin(asks.READ_CHANNEL)["token"]
    added = driver.add_channel("outlet", named := "token-of-the-outlet")

    checked = driver.open(channel=named).check()

    assert checked.account.endswith("(outlet)")
    assert any("several channels" in each for each in driver.open().check().problems)
    assert list(driver.open(channel=first).check().problems) == []
    assert driver.open(channel=named).items(None).items == []
    with pytest.raises(ShopOdd, match="no channel with this token"):
        driver.open(channel="no-such-token").items(None)
    driver.api.admin(asks.REMOVE_CHANNEL, id=added)


def test_a_wrong_password_is_told(driver):
    wrong = {**driver.credentials, "password": "another"}

    with pytest.raises(ShopDenies, match="user name and password"):
        driver.open(credentials=wrong).check()


def test_a_token_that_the_shop_has_forgotten_is_replaced_without_a_word(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    reader = driver.add_account("sees@example.com", ["ReadCatalog"])
    driver.open(credentials=reader).items(None)
    access = ShopAccess(driver.address, reader, driver.currency)
    before = CONNECTOR._tokens.of(access)
    driver.api.ask("admin-api", "mutation { logout { success } }", {}, before)

    (level,) = driver.open(credentials=reader).read_levels([ItemRef(mug)])

    assert level.sells == 10
    assert CONNECTOR._tokens.of(access) not in {None, before}


def test_another_path_than_that_of_the_admin_api_is_told(driver):
    with pytest.raises(ShopOdd, match="no Admin API at /elsewhere"):
        driver.open(path="elsewhere").check()


def test_a_shop_that_is_away_is_away_and_back_with_the_same_orders(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    mark = driver.open().orders({}).mark
    order = driver.order({mug: 1})

    driver.stop()
    with pytest.raises(ShopAway):
        driver.open().orders(mark)
    driver.start()

    assert [each.external_id for each in driver.open().orders(mark).orders] == [order]
