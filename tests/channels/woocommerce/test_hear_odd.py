"""Events that are none: unsigned, changed on the way, or an error of the shop that it signed all the same."""

import pytest

from merchant_api.channels.faults import BadShopSignature, ShopOdd
from merchant_api.channels.kinds.woocommerce.connector import CONNECTOR
from merchant_api.channels.shop_orders import Heard
from merchant_api.core import clock
from merchant_api.core.endpoint import Incoming
from tests.channels.woocommerce.hearing import SECRET, sign


@pytest.mark.parametrize("change", [{"x-wc-webhook-signature": "wrong"}, {"x-wc-webhook-signature": ""}])
def test_what_is_not_signed_is_refused(shop, change):
    call = sign(shop, {"id": 5})

    with pytest.raises(BadShopSignature):
        CONNECTOR.hear(Incoming(call.body, {**call.headers, **change}, call.mimetype), SECRET, clock.now())


def test_the_signature_is_over_the_bytes_as_they_came(shop):
    call = sign(shop, b'{"id": 5,  "name": "\\u00fc\\/"}')

    assert CONNECTOR.hear(call, SECRET, clock.now()).order_ids == ("5",)
    with pytest.raises(BadShopSignature):
        CONNECTOR.hear(Incoming(call.body.replace(b"  ", b" "), call.headers, call.mimetype), SECRET, clock.now())


def test_a_form_that_is_no_ping_needs_a_signature():
    with pytest.raises(BadShopSignature):
        CONNECTOR.hear(Incoming(b"id=5", {}, "application/x-www-form-urlencoded"), SECRET, clock.now())


def test_a_signed_error_of_a_user_who_is_gone_is_told_to_the_merchant(shop, heard):
    shop.book.place({shop.add("Bell", 5): 1})
    shop.is_user_gone = True

    assert "key of another user" in heard()[0].why


def test_a_signed_error_of_what_was_deleted_meanwhile_is_no_news(shop):
    body = {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID.", "data": {"status": 404}}

    assert CONNECTOR.hear(sign(shop, body, "product.updated"), SECRET, clock.now()) == Heard()


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"\xff", b'"x"', b"[" * 100_000])
def test_what_is_signed_and_can_not_be_read_is_odd(shop, body):
    with pytest.raises(ShopOdd):
        CONNECTOR.hear(sign(shop, body), SECRET, clock.now())
