"""The stand-in refuses what Shopify refuses only when it runs."""

import pytest

from merchant_api.channels.kinds.shopify.queries import SET_LEVELS
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in_goods import MAIN

ROW = {"locationId": MAIN, "quantity": 1}


def answer(driver: ShopifyDriver, question: str, **row: object) -> str:
    mug = driver.add_item("MUG", "Mug", level=10)
    asked = {"name": "available", "reason": "correction", "quantities": [{**ROW, "inventoryItemId": mug, **row}]}
    return str(driver.shop.graph.answer(question, {"input": asked, "key": "k"}))


def test_a_level_without_what_it_changes_from_is_refused(driver: ShopifyDriver):
    assert "changeFromQuantity is required" in answer(driver, SET_LEVELS)


def test_a_level_that_opts_out_of_comparing_is_taken(driver: ShopifyDriver):
    assert "'userErrors': []" in answer(driver, SET_LEVELS, changeFromQuantity=None)


def test_a_level_without_a_key_is_refused(driver: ShopifyDriver):
    question = SET_LEVELS.replace(" @idempotent(key: $key)", "").replace(", $key: String!", "")

    assert "@idempotent" in answer(driver, question, changeFromQuantity=10)


@pytest.mark.parametrize("level", [2, 3])
def test_a_key_with_other_rows_is_refused(driver: ShopifyDriver, level: int):
    answer(driver, SET_LEVELS, changeFromQuantity=10)

    assert "PARAMETER_MISMATCH" in answer(driver, SET_LEVELS, changeFromQuantity=10, quantity=level)


def test_a_field_that_is_not_published_is_refused(driver: ShopifyDriver):
    assert "Cannot query field" in answer(driver, SET_LEVELS.replace("delta", "difference"), changeFromQuantity=10)
