"""A shop on loopback for each test, and what hears its webhooks."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from merchant_api.channels.kinds.woocommerce.connector import CONNECTOR
from merchant_api.core import clock
from tests.channels.woocommerce.driver import WooDriver, open_shop
from tests.channels.woocommerce.hearing import SECRET, URL, incoming
from tests.channels.woocommerce.stand_in import FakeWoo

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


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


@pytest.fixture
def bell(shop):
    """Something to sell, in a shop whose clock stands still at noon."""
    shop.clock.stop(NOON)
    return shop.add("Bell", 10, sku="B-1")


@pytest.fixture
def heard(shop):
    """Deliver what waits in the shop, and what was heard of each."""
    open_shop(shop).listen(URL, SECRET)

    def run(secret=SECRET):
        found = []

        def send(url, headers, body):
            found.append(CONNECTOR.hear(incoming(headers, body), secret, clock.now()))
            return 200

        shop.hooks.run(send)
        return found

    run()  # the pings
    return run
