"""A shop of Shopify for each test, and the driver of it."""

from collections.abc import Iterator

import pytest

from merchant_api.channels.kinds.shopify import kept
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in import ShopifyStandIn


@pytest.fixture
def driver() -> Iterator[ShopifyDriver]:
    """The shop, started; of the one that had its port before nothing is kept."""
    kept.drop_all()
    with ShopifyStandIn() as shop:
        yield ShopifyDriver(shop)
