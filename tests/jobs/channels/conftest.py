"""A channel whose shop says what a test tells it, with a poll that is due, on a database with real commits."""

import pytest

from merchant_api.channels import connectors
from tests.fakes.told_shop import ToldShop
from tests.make.channels import make_channel, make_listing
from tests.make.people import make_merchant
from tests.make.sales import make_poll
from tests.make.stock import make_product


@pytest.fixture
def told_shop(fresh, monkeypatch):
    shop = ToldShop()
    monkeypatch.setattr(connectors, "of", lambda _kind: shop)
    return shop


@pytest.fixture
def merchant(fresh):
    return make_merchant()


@pytest.fixture
def channel(merchant, told_shop):
    channel = make_channel(merchant, name="Corner")
    make_poll(channel)
    return channel


@pytest.fixture
def mug(merchant):
    return make_product(merchant, on_hand=50, sku="MUG")


@pytest.fixture
def listing(channel, mug):
    return make_listing(channel, mug, acknowledged=50)
