"""A shop on loopback for each test."""

from collections.abc import Iterator

import pytest

from tests.channels.woocommerce.driver import open_shop
from tests.channels.woocommerce.stand_in import FakeWoo


@pytest.fixture
def shop() -> Iterator[FakeWoo]:
    with FakeWoo() as started:
        yield started


@pytest.fixture
def woo(shop):
    """The shop by our connector."""
    return open_shop(shop)
