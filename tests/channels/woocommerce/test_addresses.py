"""Addresses and keys as people paste them: what is none is refused before anybody is called."""

import pytest

from merchant_api.channels.kinds.woocommerce.connector import CONNECTOR
from tests.channels.woocommerce.driver import CREDENTIALS


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://shop.example/", "https://shop.example"),
        ("shop.example", "https://shop.example"),
        (" https://shop.example/np/wp-admin/index.php?x=1", "https://shop.example/np"),
        ("https://shop.example/wp-json/wc/v3", "https://shop.example"),
    ],
)
def test_an_address_is_kept_without_what_lies_behind_it(given, kept):
    assert CONNECTOR.check_address(given) == kept


@pytest.mark.parametrize("address", ["ftp://shop.example", "https://", ""])
def test_what_is_no_address_of_a_shop_is_refused(address):
    with pytest.raises(ValueError, match="begins with https"):
        CONNECTOR.check_address(address)


@pytest.mark.parametrize("wrong", [{"consumer_key": "cs_a1"}, {"consumer_secret": "ck_b2"}, {"consumer_key": "ck_a\n"}])
def test_credentials_of_another_form_are_refused(wrong):
    CONNECTOR.check_credentials(CREDENTIALS)

    with pytest.raises(ValueError, match="letters and digits"):
        CONNECTOR.check_credentials({**CREDENTIALS, **wrong})
