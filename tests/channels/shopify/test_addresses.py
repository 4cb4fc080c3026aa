"""What can be an address and credentials of a shop of Shopify."""

import pytest

from merchant_api.channels import connectors
from merchant_api.channels.states import ChannelKind

SHOPIFY = connectors.of(ChannelKind.SHOPIFY)


@pytest.mark.parametrize(
    "address",
    [
        "my-shop.myshopify.com",
        "https://my-shop.myshopify.com",
        "https://my-shop.myshopify.com/",
        " HTTPS://My-Shop.myshopify.com/admin ",
    ],
)
def test_a_shop_is_kept_by_its_address_at_shopify(address: str):
    assert SHOPIFY.check_address(address) == "https://my-shop.myshopify.com"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "my-shop",
        "my-shop.com",
        "http://my-shop.myshopify.com",
        "https://my-shop.myshopify.com.evil.example",
        "https://evil.example/my-shop.myshopify.com",
        "https://user@my-shop.myshopify.com",
        "https://my-shop.myshopify.com:8443",
        "https://[my-shop.myshopify.com",
        "https://a.b.myshopify.com",
    ],
)
def test_what_is_no_shop_of_shopify_is_refused(address: str):
    with pytest.raises(ValueError):  # noqa: PT011  # its sentence, or that of what splits addresses
        SHOPIFY.check_address(address)


@pytest.mark.parametrize(
    "credentials",
    [
        {"access_token": "shpat_0123abcd"},
        {"access_token": "shpat_0123abcd", "client_secret": "shpss_1"},
        {"client_id": "abc", "client_secret": "shpss_1"},
    ],
)
def test_a_token_or_what_it_is_asked_for_with_is_enough(credentials: dict[str, str]):
    SHOPIFY.check_credentials(credentials)


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"client_id": "abc"},
        {"client_secret": "shpss_1"},
        {"access_token": "0123abcd"},
        {"access_token": "shpat_a\nb"},
    ],
)
def test_what_lets_nobody_in_is_refused(credentials: dict[str, str]):
    with pytest.raises(ValueError, match="token"):
        SHOPIFY.check_credentials(credentials)
