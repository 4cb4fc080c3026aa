"""A message keeps what an app needs to act on, and always fits."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.message import Push
from notifications.payload import FCM_BYTES, WEB_PUSH_BYTES, as_json, carried, data_for, fit, shorten

ORDER = {"order_id": "1", "code": "7K2M", "state": "requested", "respond_by": "2026-11-22T08:47:00Z", "pay_by": None}


def test_only_the_merchant_is_offered_to_answer_a_request() -> None:
    to_merchant = data_for("order.requested", "merchant", ORDER)
    to_customer = data_for("order.requested", "customer", ORDER)

    assert to_merchant["actions"] == "accept,decline"
    assert "actions" not in to_customer
    assert "actions" not in data_for("order.confirmed", "merchant", ORDER)


def test_data_are_strings_and_leave_out_what_is_not_known() -> None:
    data = data_for("order.requested", "merchant", ORDER)

    assert data["code"] == "7K2M"
    assert "pay_by" not in data
    assert all(isinstance(value, str) for value in data.values())


def test_every_instant_that_words_tell_is_among_the_data_and_is_never_cut() -> None:
    told = dict.fromkeys(("respond_by", "pay_by", "cancel_respond_by", "ready_at"), "2026-11-22T08:47:00Z")
    known = told | {"merchant_time_zone": "Asia/Kathmandu"}

    data = data_for("order.accepted", "customer", ORDER | known)

    assert data.items() >= known.items()
    assert fit(_message("", "", data | {"reason": "x" * 5000}), WEB_PUSH_BYTES).data.items() >= known.items()


def test_the_messages_own_id_and_type_win_over_the_callers_data() -> None:
    data = carried(_message("", "", {"id": "forged", "type": "forged", "order_id": "kept"}))

    assert (data["id"], data["type"], data["order_id"]) == ("1", "order.requested", "kept")


@given(title=st.text(max_size=2000), body=st.text(max_size=6000), limit=st.sampled_from([WEB_PUSH_BYTES, FCM_BYTES]))
def test_any_words_fit_and_stay_valid(title: str, body: str, limit: int) -> None:
    message = _message(title, body, data_for("order.requested", "merchant", ORDER))

    fitted = fit(message, limit)

    assert len(as_json(fitted)) <= limit
    assert json.loads(as_json(fitted))["data"]["actions"] == "accept,decline"


def test_a_message_that_fits_is_left_as_it_is() -> None:
    message = _message("Order", "2 × Shawl", {"reason": "other"})

    assert fit(message, WEB_PUSH_BYTES) == message


def test_dispensable_data_go_only_when_the_words_are_gone() -> None:
    fitted = fit(_message("t", "b", {"code": "7K2M", "reason": "x" * 5000}), WEB_PUSH_BYTES)

    assert fitted.data == {"code": "7K2M"}


def test_what_is_needed_alone_and_too_large_is_an_error() -> None:
    with pytest.raises(ValueError, match="more than 3993 bytes"):
        fit(_message("", "", {"code": "x" * 5000}), WEB_PUSH_BYTES)


@pytest.mark.parametrize(
    ("text", "limit", "shortened"),
    [("abc", 3, "abc"), ("abcdef", 5, "ab…"), ("ससस", 8, "स…"), ("😀😀", 7, "😀…"), ("abcd", 3, "…"), ("abcd", 2, "")],
)
def test_a_text_is_cut_between_code_points(text: str, limit: int, shortened: str) -> None:
    assert shorten(text, limit) == shortened


def _message(title: str, body: str, data: dict[str, str]) -> Push:
    return Push("1", "order.requested", "tag", title, body, data, 60)
