"""What our connector makes of a Vendure's answers, of its errors above all."""

import pytest

from merchant_api.channels.faults import ShopAway, ShopDenies, ShopFault, ShopOdd
from merchant_api.channels.kinds.vendure.connector import CONNECTOR
from merchant_api.channels.kinds.vendure.figures import money
from merchant_api.channels.shop_levels import ItemRef
from merchant_api.core.money import Money
from tests.channels.vendure.stand_in import FORBIDDEN, error, stock, variant

NO_ANSWERS = [
    "",
    "<html>closed</html>",
    "[]",
    "7",
    "null",
    "{}",
    '{"data": []}',
    '{"data": {}}',
    '{"data": {"globalSettings": 3}}',
    '{"errors": {}}',
    '{"errors": [7]}',
    '{"errors": [{"message": null}], "data": null}',
    "",
][:-1]  # the first of them is nothing at all


@pytest.mark.parametrize("body", NO_ANSWERS)
def test_what_is_no_answer_of_a_vendure_is_a_fault_that_says_so(shop, body):
    shop.queue += [(200, body)]

    with pytest.raises((ShopAway, ShopOdd)) as raised:
        shop.open().read_levels([ItemRef("1")])

    assert str(raised.value).startswith("The shop ")


@pytest.mark.parametrize(
    ("status", "fault"), [(301, ShopOdd), (400, ShopAway), (401, ShopDenies), (403, ShopDenies), (502, ShopAway)]
)
def test_a_status_in_the_way_is_told(shop, status, fault):
    shop.queue += [(status, "<html>no</html>")]

    with pytest.raises(fault):
        shop.open().read_levels([ItemRef("1")])


def test_another_schema_is_told(shop):
    shop.queue += [(400, error('Cannot query field "stockLevels"', "GRAPHQL_VALIDATION_FAILED"))]

    with pytest.raises(ShopOdd, match="another version"):
        shop.open().read_levels([ItemRef("1")])


def test_a_missing_right_is_told_after_signing_in_anew_once(shop):
    shop.queue += [stock(variant("1", 5))]
    opened = shop.open()
    opened.read_levels([ItemRef("1")])
    shop.queue += [FORBIDDEN]

    with pytest.raises(ShopDenies, match="lacks a right"):
        opened.read_levels([ItemRef("1")])

    assert shop.sign_ins == 1


def test_a_channel_that_is_not_there_is_told_by_a_shop_of_one_channel_which_takes_any_token(shop):
    channel = {"id": "1", "code": "__default__", "token": "its own", "permissions": ["ReadOrder"]}
    active = {**channel, "defaultCurrencyCode": "NPR"}
    shop.queue += [{"data": {"me": {"identifier": "keeper", "channels": [channel]}, "activeChannel": active}}]

    checked = shop.open(channel="another").check()

    assert "The shop has no channel with this token: say another in the channel's options." in checked.problems


def test_a_shop_that_gives_no_token_is_told(shop):
    shop.token_header = "another-header"

    with pytest.raises(ShopDenies, match="token method 'bearer'"):
        shop.open().read_levels([ItemRef("1")])


@pytest.mark.parametrize(
    ("amount", "currency", "digits", "made"),
    [
        (1990, "NPR", 2, 1990),
        (150000, "JPY", 2, 1500),
        (150050, "JPY", 2, None),
        (1990, "KWD", 2, 19900),
        (5, "NPR", 3, None),
    ],
)
def test_money_comes_in_our_minor_units_or_not_at_all(amount, currency, digits, made):
    assert money(amount, currency, digits) == (None if made is None else Money(made, currency))


@pytest.mark.parametrize("tail", ["", "/", "/admin-api", "/admin-api/"])
def test_an_address_is_kept_without_what_people_copy_along(tail):
    assert CONNECTOR.check_address(f"https://shop.example.com{tail}") == "https://shop.example.com"


@pytest.mark.parametrize(
    "address", ["shop.example.com", "ftp://shop.example.com", "https://", "https://shop.example.com?a=1"]
)
def test_an_address_that_can_be_none_is_refused(address):
    with pytest.raises(ValueError, match="Say the address"):
        CONNECTOR.check_address(address)


def test_a_vendure_sends_no_events(shop):
    with pytest.raises(ShopFault, match="sends no events"):
        shop.open().listen("https://we.example.com/x", "secret")
