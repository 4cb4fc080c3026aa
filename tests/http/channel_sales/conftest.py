"""A merchant with everybody who may call, a channel, a mug, and a shop that says what a test tells it."""

from urllib.parse import quote

import pytest

from merchant_api.channels import connectors
from merchant_api.channels.sealed import EVENT_SECRET
from merchant_api.core.db import session
from tests.fakes.told_shop import SECRET, ToldShop
from tests.http.orders.conftest import Shop
from tests.make.channels import make_channel
from tests.make.stock import make_product


@pytest.fixture
def told_shop(monkeypatch):
    shop = ToldShop(hears_events=True)
    monkeypatch.setattr(connectors, "of", lambda _kind: shop)
    return shop


@pytest.fixture
def shop(client):
    return Shop(client)


@pytest.fixture
def channel(shop):
    channel = make_channel(shop.merchant, name="Corner")
    EVENT_SECRET.put(channel, SECRET.encode())
    session().commit()
    return channel


@pytest.fixture
def mug(shop):
    return make_product(shop.merchant, on_hand=5, sku="MUG")


@pytest.fixture
def orders(channel):
    """The path of the channel's orders, or of what is done with one."""

    def path(external_id="", step=""):
        return f"/channels/{channel.id}/orders" + (f"/{quote(external_id, safe='')}/{step}" if external_id else "")

    return path
