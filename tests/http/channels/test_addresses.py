"""Addresses of shops: what is none of the kind, or would not be called, is not stored."""

import pytest

from tests.fakes.small_shop import SmallConnector


@pytest.mark.parametrize(
    "address",
    [
        "mugs",
        "http://mugs.example.com",
        "https://mugs.example.com:22",
        "https://127.0.0.1",
        "https://[::1]",
        "https://169.254.169.254",
        "https://10.0.0.1",
        "https://localhost",
        "https://shop.internal",
        "https://user:word@mugs.example.com",
        "https://mugs.example.com\\@elsewhere.example",
        "https://m\u00fcgs.example.com",
        "ftp://mugs.example.com",
        "https://",
        "https://0x7f000001",
        "https://mugs.example.com/" + "x" * 500,
        "",
        "   ",
        5,
        None,
    ],
)
def test_an_address_that_would_not_be_called_is_not_stored(seller, channel, address):
    for refused in (seller.connect(address=address), seller.change(channel, address=address)):
        assert (refused.status_code, list(refused.json["errors"])) == (422, ["address"]), refused.text
    assert seller.shown(channel)["address"] == "https://mugs.example.com"


def test_a_host_inside_is_called_where_a_setting_opens_it_by_name(seller, small):
    assert seller.connect(address=small.url).status_code == 201
    assert seller.connect(address="http://127.0.0.1:1").status_code == 422


def test_an_address_is_kept_as_its_kind_spells_it(seller):
    assert seller.connect(address="https://mugs.example.com/ ").json["address"] == "https://mugs.example.com"


def test_what_its_kind_says_of_an_address_is_told(seller, monkeypatch):
    def refuse(_self, _address):
        raise ValueError("The address of a mug shop ends in .mugs.")

    monkeypatch.setattr(SmallConnector, "check_address", refuse)

    assert seller.connect().json["errors"] == {"address": ["The address of a mug shop ends in .mugs."]}
