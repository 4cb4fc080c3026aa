"""Answers of shops are read as they are, and what no shop means is none."""

import pytest

from merchant_api.channels.faults import ShopAway
from merchant_api.channels.shop_levels import Response
from merchant_api.channels.wire import ShopAnswer


def read(body):
    return ShopAnswer(200, {}, body).json()


def test_numbers_with_a_point_keep_their_digits():
    assert str(read(b'{"price": 10.50}')["price"]) == "10.50"


@pytest.mark.parametrize("number", [b"1e31", b"1e-31", b"1e999999"])
def test_a_number_beyond_all_measure_is_no_answer(number):
    with pytest.raises(ShopAway):
        read(b'{"level": ' + number + b"}")


def test_what_is_shown_of_an_answer_is_short_and_can_be_stored():
    response = Response("x\0" + "y" * 1_000_000, 200)

    assert len(response.text) == 500
    assert "\0" not in response.text
