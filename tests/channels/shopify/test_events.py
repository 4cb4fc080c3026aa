"""Events: signed or refused, read as hints, whatever comes twice, late or in another order."""

import json
from dataclasses import replace

import pytest

from merchant_api.channels import connectors
from merchant_api.channels.faults import BadShopSignature, ShopOdd
from merchant_api.channels.shop_orders import Heard
from merchant_api.channels.states import ChannelKind
from merchant_api.core import clock
from merchant_api.core.endpoint import Incoming
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in_events import signed

SECRET = "shpss_of_the_tests"
URL = "https://orderbell.example/v1/channel-events/m/c"


def hear(incoming: Incoming, secret: str = SECRET) -> Heard:
    return connectors.of(ChannelKind.SHOPIFY).hear(incoming, secret, clock.now())


@pytest.mark.parametrize(
    ("topic", "body", "orders", "items"),
    [
        ("ORDERS_CREATE", {"id": 7}, ["7"], []),
        ("ORDERS_UPDATED", {"id": 7, "admin_graphql_api_id": "gid://shopify/Order/7"}, ["7"], []),
        ("ORDERS_CANCELLED", {"id": 7}, ["7"], []),
        ("ORDERS_DELETE", {"id": 7}, ["7"], []),
        ("ORDERS_EDITED", {"order_edit": {"order_id": 7}}, ["7"], []),
        ("REFUNDS_CREATE", {"id": 1, "order_id": 7}, ["7"], []),
        ("FULFILLMENTS_UPDATE", {"id": 1, "order_id": 7}, ["7"], []),
        ("INVENTORY_LEVELS_UPDATE", {"inventory_item_id": 5, "available": 3}, [], ["gid://shopify/InventoryItem/5"]),
        ("PRODUCTS_UPDATE", {"id": 1, "variants": [{"inventory_item_id": 5}]}, [], ["gid://shopify/InventoryItem/5"]),
        ("PRODUCTS_DELETE", {"id": 1}, [], []),
        ("SHOP_UPDATE", {"id": 1}, [], []),
        ("ORDERS_CREATE", {"id": None}, [], []),
        ("ORDERS_CREATE", {"id": "../7"}, [], []),
        ("ORDERS_EDITED", {"order_edit": None}, [], []),
        ("PRODUCTS_UPDATE", {"variants": ["x", {}]}, [], []),
    ],
)
def test_an_event_tells_what_to_read_again(topic: str, body: object, orders: list[str], items: list[str]):
    heard = hear(signed(topic, body, SECRET))

    assert (list(heard.order_ids), list(heard.item_ids)) == (orders, items)
    assert not heard.orders


@pytest.mark.parametrize("signature", ["", "x", "é", "AAAA", None])
def test_what_is_not_signed_is_refused(signature: str | None):
    incoming = signed("ORDERS_CREATE", {"id": 7}, SECRET)
    headers = {name: value for name, value in incoming.headers.items() if name != "x-shopify-hmac-sha256"}
    if signature is not None:
        headers["x-shopify-hmac-sha256"] = signature

    with pytest.raises(BadShopSignature):
        hear(replace(incoming, headers=headers))


def test_the_signature_is_over_the_bytes_as_they_came():
    incoming = signed("ORDERS_CREATE", {"id": 7}, SECRET)

    with pytest.raises(BadShopSignature):
        hear(replace(incoming, body=incoming.body + b" "))


@pytest.mark.parametrize("secret", ["", " ", "another"])
def test_another_secret_or_none_lets_nobody_in(secret: str):
    with pytest.raises(BadShopSignature):
        hear(signed("ORDERS_CREATE", {"id": 7}, SECRET), secret)


def test_the_old_secret_holds_beside_the_new_one():
    secrets = "shpss_new shpss_old"

    assert [hear(signed("ORDERS_CREATE", {"id": 7}, each), secrets).order_ids for each in secrets.split()] == [
        ["7"]
    ] * 2


def test_names_of_headers_may_be_written_in_any_case():
    incoming = signed("ORDERS_CREATE", {"id": 7}, SECRET)
    headers = {name.title(): value for name, value in incoming.headers.items()}

    assert hear(replace(incoming, headers=headers)).order_ids == ["7"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"id": ', b"\xff", b"[" * 100_000])
def test_what_is_signed_and_can_not_be_read_is_told(body: bytes):
    with pytest.raises(ShopOdd):
        hear(signed("ORDERS_CREATE", body, SECRET))


def test_an_app_that_was_taken_out_is_told_to_people():
    assert "install it anew" in (hear(signed("APP_UNINSTALLED", {"id": 1}, SECRET)).why or "")


def test_the_ids_of_a_delivery_drop_nothing(driver: ShopifyDriver):
    driver.open().listen(URL, "ignored")
    external_id = driver.order({driver.add_item("MUG", "Mug", level=10): 3})
    driver.cancel(external_id)
    late_first = [*driver.trade.events.sent[::-1], *driver.trade.events.sent]

    heard = [hear(incoming, driver.credentials["client_secret"]).order_ids for incoming in late_first]

    assert heard == [[external_id]] * len(late_first)
    assert json.loads(late_first[0].body)["id"] == int(external_id)
