"""A shop of the kind for each test, and the driver of it."""

from collections.abc import Iterator

import pytest

from tests.channels.webhook.driver import WebhookDriver
from tests.channels.webhook.stand_in import WebhookStandIn


@pytest.fixture
def shop() -> Iterator[WebhookStandIn]:
    """The shop, started."""
    with WebhookStandIn() as made:
        yield made


@pytest.fixture
def driver(shop: WebhookStandIn) -> WebhookDriver:
    return WebhookDriver(shop)
