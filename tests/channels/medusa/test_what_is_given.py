"""Addresses, keys and figures of Medusa: how they are given, and how we keep them."""

from decimal import Decimal

import pytest

from merchant_api.channels.faults import ShopAway
from merchant_api.channels.kinds.medusa.amounts import read_figure, to_money
from merchant_api.channels.kinds.medusa.connector import CONNECTOR


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" https://Shop.example.com/ ", "https://shop.example.com"),
        ("https://shop.example.com/app", "https://shop.example.com"),
        ("https://example.com/medusa/admin/", "https://example.com/medusa"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
    ],
)
def test_an_address_is_that_of_the_server(given, kept):
    assert CONNECTOR.check_address(given) == kept


@pytest.mark.parametrize(
    "address", ["", "shop", "ftp://shop.example", "https://", "https://a:b@shop.example", "https://shop.example/?a=1"]
)
def test_what_can_be_no_address_is_refused(address):
    with pytest.raises(ValueError, match="Give the address"):
        CONNECTOR.check_address(address)


@pytest.mark.parametrize(("key", "said"), [("pk_1", "publishable"), ("", "begins sk_"), ("sk_ä", "begins sk_")])
def test_what_can_be_no_secret_key_is_refused(key, said):
    CONNECTOR.check_credentials({"secret_key": "sk_1"})

    with pytest.raises(ValueError, match=said):
        CONNECTOR.check_credentials({"secret_key": key})


@pytest.mark.parametrize(
    ("told", "currency", "minor"),
    [("10.5", "NPR", 1050), ("10.005", "NPR", 1001), ("10.5", "JPY", 11), ("10.5", "KWD", 10500), ("0.1", "EUR", 10)],
)
def test_money_is_counted_in_minor_units_of_its_currency(told, currency, minor):
    figure = read_figure({"price": 99.99, "raw_price": {"value": told, "precision": 20}}, "price")

    assert to_money(figure, currency).amount == minor


@pytest.mark.parametrize("told", ["x", "NaN", "Infinity", [], {"value": 1}])
def test_a_figure_that_is_none_is_a_fault(told):
    assert read_figure({"price": None}, "price") == Decimal(0)

    with pytest.raises(ShopAway):
        read_figure({"raw_price": {"value": told or "x"}}, "price")
