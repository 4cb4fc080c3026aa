"""Signing in by an app's id and secret: a token for a day, asked for once and anew where it is refused."""

import pytest

from merchant_api.channels.faults import ShopDenies
from merchant_api.channels.kinds.shopify import tokens
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in import CLIENT_ID, CLIENT_SECRET

CREDENTIALS = {"client_id": CLIENT_ID, "client_secret": f"{CLIENT_SECRET} shpss_older"}


def test_a_token_is_asked_for_once_and_kept(driver: ShopifyDriver):
    driver.credentials = CREDENTIALS

    driver.open().orders({})
    driver.open().orders({})

    assert driver.shop.asked == ["token", "Newest", "Newest"]


def test_a_token_that_is_refused_is_asked_for_anew(driver: ShopifyDriver):
    driver.credentials = CREDENTIALS
    driver.open().orders({})
    driver.shop.tokens.clear()

    driver.open().orders({})

    assert driver.shop.asked[-3:] == ["Newest", "token", "Newest"]


def test_a_token_that_ends_soon_is_asked_for_anew(driver: ShopifyDriver, monkeypatch: pytest.MonkeyPatch):
    driver.credentials = CREDENTIALS
    monkeypatch.setattr(tokens, "EARLY_S", 86_399)

    driver.open().orders({})
    driver.open().orders({})

    assert driver.shop.asked.count("token") == 2


def test_checking_signs_in_anew_for_the_scopes_of_now(driver: ShopifyDriver):
    driver.credentials = CREDENTIALS
    driver.open().orders({})

    driver.open().check()

    assert driver.shop.asked.count("token") == 2


def test_a_wrong_secret_is_told(driver: ShopifyDriver):
    driver.credentials = {**CREDENTIALS, "client_secret": "wrong"}

    with pytest.raises(ShopDenies, match="client id and secret"):
        driver.open().check()


def test_a_given_token_that_is_refused_is_not_tried_again(driver: ShopifyDriver):
    driver.shop.tokens.clear()

    with pytest.raises(ShopDenies):
        driver.open().orders({})

    assert driver.shop.asked == ["Newest"]
