"""Answers that are none, refusals in all their shapes, and a shop that is slow or asks for patience."""

import json

import pytest

from merchant_api.channels.faults import ShopAway, ShopBusy, ShopDenies, ShopFault, ShopOdd
from merchant_api.channels.shop_levels import ItemRef, LevelWanted
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in import Lesson
from tests.channels.shopify.stand_in_bucket import Bucket
from tests.channels.shopify.stand_in_goods import MAIN

INACTIVE = {"errors": [{"message": "Shop is inactive", "extensions": {"code": "SHOP_INACTIVE"}}]}
BROKEN = {"errors": [{"message": "Internal error.", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}
UNKNOWN = {"errors": [{"message": "Field 'x' doesn't exist", "extensions": {"code": "undefinedField"}}]}


@pytest.mark.parametrize(
    ("lesson", "fault", "word"),
    [
        (Lesson(text="<html>Maintenance</html>"), ShopAway, "not JSON"),
        (Lesson(text='{"data": {"shop"'), ShopAway, "not JSON"),
        (Lesson(text="[]"), ShopAway, "Shopify does not"),
        (Lesson(text="{}"), ShopAway, "Shopify does not"),
        (Lesson(500, "<html>Oops</html>"), ShopAway, "500"),
        (Lesson(is_lost=True), ShopAway, "can't be reached"),
        (Lesson(401, '{"errors": "[API] Invalid API key"}'), ShopDenies, "access token"),
        (Lesson(402, '{"errors": "Payment required"}'), ShopDenies, "pays"),
        (Lesson(403, '{"errors": "Forbidden"}'), ShopDenies, "scopes"),
        (Lesson(404, '{"errors": "Not Found"}'), ShopOdd, "no such shop"),
        (Lesson(423, '{"errors": "Locked"}'), ShopDenies, "locked"),
        (Lesson(302, "moved"), ShopOdd, "302"),
        (Lesson(text=json.dumps(INACTIVE)), ShopDenies, "not active"),
        (Lesson(text=json.dumps(BROKEN)), ShopAway, "at Shopify"),
        (Lesson(text=json.dumps(UNKNOWN)), ShopOdd, "doesn't exist"),
        (Lesson(text='{"errors": "something"}'), ShopOdd, "something"),
    ],
)
def test_what_is_no_answer_is_told_as_what_it_is(
    driver: ShopifyDriver, lesson: Lesson, fault: type[ShopFault], word: str
):
    driver.shop.teach(lesson)

    with pytest.raises(fault, match=word):
        driver.open().check()


def test_a_slow_shop_is_left_when_the_time_is_over(driver: ShopifyDriver):
    driver.shop.teach(Lesson(is_silence=True))

    with pytest.raises(ShopAway, match="no answer in time"):
        driver.open(deadline_s=0.3).check()


def test_a_missing_scope_is_named(driver: ShopifyDriver):
    driver.shop.graph.denied["orders"] = "read_orders"

    with pytest.raises(ShopDenies, match="the scope read_orders"):
        driver.open().orders({})


@pytest.mark.parametrize("status", [200, 429])
def test_patience_is_asked_for_as_long_as_the_bucket_needs(driver: ShopifyDriver, status: int):
    driver.shop.throttled_status = status
    driver.shop.graph.bucket = Bucket(size=1000, restore_rate=2)
    driver.shop.graph.bucket.left = 0
    mug = driver.add_item("MUG", "Mug", level=10)

    with pytest.raises(ShopBusy) as busy:
        driver.open(location=MAIN).read_levels([ItemRef(mug)] * 10)

    assert 3 < busy.value.after_s <= 8 / 2  # of a question that costs eight points


def test_patience_of_which_nothing_is_said_lasts_as_the_header_says_or_a_second(driver: ShopifyDriver):
    driver.shop.teach(Lesson(429, "slow down", retry_after="7.0"), Lesson(429, "slow down", retry_after="7"))

    waits = []
    for _ in range(2):
        with pytest.raises(ShopBusy) as busy:
            driver.open().check()
        waits.append(busy.value.after_s)

    assert waits == [1.0, 7.0]


def test_a_throttled_setting_changes_nothing_and_asks_for_patience(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    throttled = {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}
    driver.shop.teach(Lesson(operation="SetLevels", text=json.dumps(throttled)))

    with pytest.raises(ShopBusy):
        driver.open(location=MAIN).set_levels([LevelWanted(ItemRef(mug), 5)])

    assert driver.level(mug) == 10


def test_a_page_that_costs_too_much_is_asked_for_in_smaller_ones(driver: ShopifyDriver):
    driver.shop.graph.dearest = 60
    skus = {driver.add_item(f"S{number}", "Mug", level=1) for number in range(30)}

    page = driver.open(location=MAIN).items(None)

    assert 0 < len(page.items) <= 12
    assert {item.ref.shop_id for item in page.items} <= skus
    assert page.cursor is not None
