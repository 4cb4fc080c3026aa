"""Cancellations of channels' orders through HTTP: whole or in part, once, and back into stock or not."""

import pytest

from tests.make.snapshot import everything
from tests.make.stock import available

ORDER = {"external_id": "#1001", "lines": [{"sku": "mug ", "quantity": 2}], "is_paid": True}


def test_a_part_is_cancelled_and_the_same_key_cancels_it_once(shop, mug, orders):
    shop.call("key", "POST", orders(), ORDER | {"lines": [{"sku": "MUG", "quantity": 4}]})
    body = {"lines": [{"sku": "mug", "quantity": 1}]}

    answers = [shop.call("key", "POST", orders("#1001", "cancel"), body, Idempotency_Key="once") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert available(mug) == 2


@pytest.mark.parametrize(("restock", "left"), [(None, 5), (True, 5), (False, 3)])
def test_who_cancels_says_whether_it_goes_back(shop, mug, orders, restock, left):
    shop.call("key", "POST", orders(), ORDER)

    shop.call("key", "POST", orders("#1001", "cancel"), {} if restock is None else {"restock": restock})

    assert available(mug) == left


def test_cancelling_twice_is_cancelling_once(shop, mug, orders):
    shop.call("key", "POST", orders(), ORDER)
    shop.call("key", "POST", orders("#1001", "cancel"))
    before = everything(mug.merchant_id)

    again = shop.call("key", "POST", orders("#1001", "cancel"))

    assert again.status_code == 200
    assert everything(mug.merchant_id)["ledger"] == before["ledger"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"lines": [{"sku": "OTHER", "quantity": 1}]}, 422, "unknown_line"),
        ({"lines": [{"sku": "MUG", "quantity": 3}]}, 409, "more_than_left"),
        ({"lines": [{"quantity": 1}]}, 422, "invalid"),
        ({"lines": []}, 422, "invalid"),
    ],
)
def test_what_can_not_be_cancelled_changes_nothing(shop, mug, orders, body, status, code):
    shop.call("key", "POST", orders(), ORDER)

    answer = shop.call("key", "POST", orders("#1001", "cancel"), body)

    assert (answer.status_code, answer.json["code"], available(mug)) == (status, code, 3)
