"""A shop of Shopify for each test, and the driver of it."""

from collections.abc import Iterator

import pytest

from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in import ShopifyStandIn


@pytest.fixture
def driver() -> Iterator[ShopifyDriver]:
    """The shop, started."""
    with ShopifyStandIn() as shop:
        yield ShopifyDriver(shop)
