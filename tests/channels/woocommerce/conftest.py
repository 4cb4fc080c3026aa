"""A shop on loopback for each test."""

from collections.abc import Iterator

import pytest

from tests.channels.woocommerce.driver import WooDriver, open_shop
from tests.channels.woocommerce.stand_in import FakeWoo


@pytest.fixture
def shop() -> Iterator[FakeWoo]:
    with FakeWoo() as started:
        yield started


@pytest.fixture
def woo(shop):
    """The shop by our connector."""
    return open_shop(shop)


@pytest.fixture
def driver(shop: FakeWoo) -> WooDriver:
    """The shop as its merchant and its shoppers drive it."""
    return WooDriver(shop)
