"""A merchant with a channel to a small shop, which answers on loopback where a test starts it."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from merchant_api.catalog.models import Product
from tests.fakes import small_shop
from tests.fakes.small_shop import CREDENTIALS, SmallConnector, SmallShop
from tests.http.orders.conftest import Shop
from tests.make.stock import make_product


class Seller(Shop):
    """`connect` makes a channel; `shown` is how it stands now."""

    def connect(self, **members: Any) -> Any:
        body = {"kind": "webhook", "name": "Mugs", "address": "https://mugs.example.com", "credentials": CREDENTIALS}
        return self.call("owner", "POST", "/channels", body | members)

    def shown(self, channel: Any) -> Any:
        return self.call("clerk", "GET", f"/channels/{channel['id']}").json

    def change(self, channel: Any, **members: Any) -> Any:
        return self.call("owner", "PATCH", f"/channels/{channel['id']}", members)


@pytest.fixture
def connector(monkeypatch: pytest.MonkeyPatch) -> SmallConnector:
    return small_shop.use(monkeypatch)


@pytest.fixture
def seller(client: FlaskClient, connector: SmallConnector) -> Seller:
    return Seller(client)


@pytest.fixture
def channel(seller: Seller) -> Any:
    return seller.connect().json


@pytest.fixture
def small(database: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallShop]:
    """A shop that runs, on a host that is opened by name."""
    with SmallShop() as shop:
        settings = dataclasses.replace(
            database.extensions["orderbell.settings"],
            shop_hosts=frozenset({shop.host}),
            public_url="https://orderbell.example.com",
        )
        monkeypatch.setitem(database.extensions, "orderbell.settings", settings)
        yield shop


@pytest.fixture
def mug(seller: Seller) -> Product:
    """A product of which seven are available."""
    return make_product(seller.merchant, on_hand=7)
