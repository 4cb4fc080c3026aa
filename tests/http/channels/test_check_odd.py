"""A check of a shop that answers what no shop of its kind does, or what is in the way: a sentence, never a 500."""

import pytest

from merchant_api.channels import check
from tests.http.channels.asked import checked


@pytest.fixture
def channel(seller, small):
    return seller.connect(address=small.url).json


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>Welcome</html>"),
        (200, b""),
        (200, b"[" * 100_000),
        (200, b"\xff\xfe"),
        (200, []),
        (200, None),
        (200, "words"),
        (200, {}),
        (200, {"account": [], "location": {}, "can": 5, "currency": "NPR"}),
        (200, {"account": 5, "location": "L", "can": [], "currency": "NPR"}),
        (200, {"account": "M", "location": "L", "can": ["levels", 5], "currency": "NPR"}),
        (301, b""),
        (404, b"no such page"),
        (500, b"oops"),
        (503, {"message": "maintenance"}),
    ],
)
def test_whatever_a_shop_answers_there_is_a_sentence(seller, small, channel, status, body):
    small.answers["/account"] = (status, body)

    told = checked(seller, channel)

    assert told["is_ok"] is False
    assert told["why"]
    assert seller.shown(channel)["state"] == "failing"
    assert seller.shown(channel)["why"] == told["why"]


def test_text_that_no_database_takes_is_shown_without_what_is_wrong(seller, small, channel):
    problem = {"account": "M\ud800ugs\0", "problems": ["Stock \0 is not counted \udfff."]}
    small.answers["/account"] = (200, small.account(**problem))

    told = checked(seller, channel)

    assert (told["account"], told["why"]) == ("M?ugs", "Stock  is not counted ?.")
    assert seller.shown(channel)["why"] == told["why"]


def test_a_silent_shop_is_left_after_the_deadline(seller, small, channel, monkeypatch):
    monkeypatch.setattr(check, "WITHIN_S", 0.2)
    small.silent.add("/account")

    assert checked(seller, channel)["why"] == "The shop can't be reached: no answer in time."


def test_another_currency_than_the_merchant_s_is_in_the_way(seller, small, channel):
    small.answers["/account"] = (200, small.account(currency="EUR"))

    told = checked(seller, channel)

    assert (told["is_ok"], told["account"]) == (False, "Mugs")
    assert told["why"] == "The shop sells in EUR, this merchant in NPR: both must be the same."
    assert seller.shown(channel)["why"] == told["why"]


def test_what_is_wrong_in_the_shop_is_told_sentence_by_sentence(seller, small, channel):
    small.answers["/account"] = (200, small.account(problems=["It counts no stock.", "It is in a holiday."]))

    told = checked(seller, channel)

    assert (told["is_ok"], told["why"]) == (False, "It counts no stock. It is in a holiday.")
