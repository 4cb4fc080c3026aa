"""Every event has whole sentences for both audiences in both languages, and says what is true."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from notifications.facts import plain
from notifications.wording import Audience, languages, word

AUDIENCES: tuple[Audience, ...] = ("merchant", "customer")
EVENTS = (
    *("order.requested", "order.confirmed", "order.accepted", "order.declined", "order.expired", "order.cancelled"),
    *("order.awaiting_payment", "order.paid", "order.pickup_requested", "order.picked_up", "order.delivered"),
    *("order.undelivered", "order.revived", "payment.parked", "payment.refunded", "payment.refund_failed"),
    *("payment.questioned", "payment.disputed", "payment.dispute_won", "payment.dispute_lost"),
    *("order.reduced", "order.in_stock", "order.cancel_requested", "order.cancel_refused", "order.returned"),
    *("order.part_paid",),
)
OF_CHANNELS = ("channel.failing", "channel.ready", "channel.drift")  # for members alone
CHANNEL = {"channel_name": "Corner shop", "sku": "MUG-01", "ours": 10, "theirs": 12}
NPR_50 = {"amount": 5000, "currency": "NPR"}
DECLINE_REASONS = (
    *("out_of_stock", "partial_stock", "too_busy", "closed", "cannot_deliver", "price_wrong"),
    *("missing_information", "order_too_large", "other"),
)
ORDER = {
    "v": 1,
    "order_id": "0190b6a1-0000-7000-8000-000000000001",
    "code": "7K2M",
    "state": "requested",
    "total": {"amount": 300000, "currency": "NPR"},
    "respond_by": "2026-11-22T08:47:00Z",
    "pay_by": "2026-11-22T09:47:00Z",
    "placed_at": "2026-11-22T08:17:00Z",
    "ready_at": "2026-11-23T04:15:00Z",
    "reason": None,
    "note": None,
    "refund_due": False,
    "merchant_name": "Himalayan Crafts (demo)",
    "lines": [{"sku": "SHAWL-02", "name": "Shawl", "quantity": 2}],
}


@pytest.mark.parametrize("locale", ["en", "ne"])
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("event_type", EVENTS)
def test_every_event_has_whole_sentences(event_type: str, audience: Audience, locale: str) -> None:
    wording = word(event_type, audience, ORDER | {"reason": "customer"}, locale=locale, time_zone="Asia/Kathmandu")

    assert "7K2M" in wording.title
    assert wording.body
    assert not {"{", "}"} & set(wording.title + wording.body)
    assert "None" not in wording.title + wording.body


@pytest.mark.parametrize("locale", ["en", "ne"])
@pytest.mark.parametrize("event_type", OF_CHANNELS)
def test_what_happens_to_a_channel_is_told_to_members_by_its_name(event_type: str, locale: str) -> None:
    wording = word(event_type, "merchant", CHANNEL, locale=locale, time_zone="Asia/Kathmandu")

    assert wording.title.startswith("Corner shop: ")
    assert wording.body
    assert event_type != "channel.drift" or all(said in wording.body for said in ("10", "12"))


@pytest.mark.parametrize("locale", ["en", "ne"])
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("event_type", [*EVENTS, "something.new"])
def test_a_payload_without_anything_still_gives_a_title(event_type: str, audience: Audience, locale: str) -> None:
    wording = word(event_type, audience, {}, locale=locale, time_zone="Asia/Kathmandu")

    assert wording.title
    assert not {"{", "}"} & set(wording.title + wording.body)


def test_the_languages_have_the_same_sentences_naming_the_same_things() -> None:
    english, nepali = _texts("en"), _texts("ne")

    assert languages() == {"en", "ne"}
    assert _shape(english) == _shape(nepali)
    assert set(english["decline_reasons"]) == set(DECLINE_REASONS)
    assert set(english["merchant"]) - set(OF_CHANNELS) == set(english["customer"]) == set(EVENTS)


def test_a_merchant_reads_what_is_wanted_and_until_when() -> None:
    wording = _english("order.requested", "merchant")

    assert wording == ("Order 7K2M", "2 × Shawl, NPR 3,000.00. Answer before 14:32 (Kathmandu, UTC+5:45).")


def test_a_merchant_reads_it_in_nepali() -> None:
    wording = word("order.requested", "merchant", ORDER, locale="ne-NP", time_zone="Asia/Kathmandu")

    assert wording.title == "अर्डर 7K2M"
    assert wording.body == "2 × Shawl, नेरू 3,000.00। 14:32 (काठमाण्डौं, UTC+5:45) अघि जवाफ दिनुहोस्।"


def test_a_language_without_sentences_gets_english() -> None:
    french = word("order.requested", "merchant", ORDER, locale="fr_FR", time_zone="Asia/Kathmandu")

    assert (french.title, french.body) == _english("order.requested", "merchant")


def test_a_customer_is_told_until_when_the_merchant_answers() -> None:
    title, body = _english("order.requested", "customer")

    assert title == "Order 7K2M sent to the merchant"
    assert body.startswith("Himalayan Crafts (demo) answers by 22 Nov, 14:32 (Kathmandu, UTC+5:45).")


def test_an_acceptance_asks_for_payment_when_some_is_left() -> None:
    to_pay = _english("order.accepted", "customer", state="awaiting_payment", ready_at=None)
    paid = _english("order.accepted", "customer", state="confirmed", pay_by=None, ready_at=None)

    assert to_pay[1] == (
        "Himalayan Crafts (demo) accepted your order. Pay NPR 3,000.00 before 22 Nov, 15:32 (Kathmandu, UTC+5:45)."
    )
    assert paid[1] == "Himalayan Crafts (demo) accepted your order. Your order is confirmed."


@pytest.mark.parametrize("locale", ["en", "ne"])
@pytest.mark.parametrize("reason", DECLINE_REASONS)
def test_a_reason_to_decline_is_said_in_words(reason: str, locale: str) -> None:
    wording = word("order.declined", "customer", ORDER | {"reason": reason}, locale=locale, time_zone="UTC")

    assert _texts(locale)["decline_reasons"][reason] in wording.body
    assert "_" not in wording.body


def test_an_unknown_reason_to_decline_is_said_as_any_other() -> None:
    assert "the merchant cannot take it" in _english("order.declined", "customer", reason="new_reason")[1]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nobody_answered_is_never_called_declined(audience: Audience) -> None:
    english = " ".join(_english("order.expired", audience)).lower()
    nepali = word("order.expired", audience, ORDER, locale="ne", time_zone="UTC")

    assert "nobody answered" in english
    assert "declin" not in english
    assert "अस्वीकार" not in nepali.title + nepali.body


def test_a_merchant_is_told_what_was_missed() -> None:
    title, body = _english("order.expired", "merchant")

    assert title == "You missed order 7K2M"
    assert "2 × Shawl, NPR 3,000.00" in body


@pytest.mark.parametrize("event_type", ["order.cancelled", "order.undelivered", "order.declined", "order.expired"])
def test_money_to_give_back_is_named_to_both_when_it_is_due(event_type: str) -> None:
    to_customer = _english(event_type, "customer", refund_due=True)[1]
    to_merchant = _english(event_type, "merchant", refund_due=True)[1]
    without = _english(event_type, "customer", refund_due=False)[1]

    assert "will be given back" in to_customer
    assert "has to be given back" in to_merchant
    assert "given back" not in without


def test_an_unpaid_order_says_why_it_was_cancelled() -> None:
    assert "the payment did not arrive in time" in _english("order.cancelled", "customer", reason="payment_overdue")[1]


def test_a_parked_payment_says_what_arrived() -> None:
    payment = {"amount": NPR_50}

    assert _english("payment.parked", "merchant", payment=payment)[1].startswith("NPR 50.00 arrived")


@pytest.mark.parametrize(
    ("offer", "said"),
    [("count", "let it count"), ("revive", "revive the order"), ("give_back", "expect. Give it back.")],
)
def test_a_parked_payment_offers_only_what_is_possible(offer: str, said: str) -> None:
    body = _english("payment.parked", "merchant", payment={"amount": NPR_50, "offer": offer})[1]

    assert said in body
    assert ("revive" in body) is (offer == "revive")


def test_a_part_that_was_paid_says_what_is_left_to_both() -> None:
    known = {"payment": {"amount": NPR_50}, "left_to_pay": {"amount": 295000, "currency": "NPR"}}

    for audience in AUDIENCES:
        body = _english("order.part_paid", audience, **known)[1]
        assert "NPR 50.00 received. NPR 2,950.00 is left to pay." in body
        assert "15:32 (Kathmandu, UTC+5:45)" in body


def test_what_is_asked_for_is_what_is_left_to_pay() -> None:
    left = {"amount": 5000, "currency": "NPR"}

    assert "Pay NPR 50.00 before" in _english("order.accepted", "customer", left_to_pay=left)[1]
    assert "Pay NPR 3,000.00 before" in _english("order.accepted", "customer")[1]  # said before parts were known


def test_too_much_money_is_named_to_both() -> None:
    known = {"payment": {"amount": NPR_50}, "refund_owed": {"amount": 100, "currency": "NPR"}}

    assert "NPR 1.00 too much: to be given back" in _english("order.paid", "merchant", **known)[1]
    assert "NPR 1.00 is too much and will be given back" in _english("order.paid", "customer", **known)[1]


def test_a_long_list_is_shortened() -> None:
    lines = [{"sku": f"S{n}", "name": f"Thing {n}", "quantity": n} for n in range(1, 6)]

    assert "1 × Thing 1, 2 × Thing 2 and 3 more" in _english("order.requested", "merchant", lines=lines)[1]


def test_a_deadline_on_another_day_names_the_day() -> None:
    body = _english("order.requested", "merchant", respond_by="2026-11-24T08:47:00Z")[1]

    assert "Answer before 24 Nov, 14:32 (Kathmandu, UTC+5:45)." in body


@pytest.mark.parametrize(
    ("money", "said"),
    [
        ({"amount": 500, "currency": "JPY"}, "JPY 500"),
        ({"amount": 1234, "currency": "BHD"}, "BHD 1.234"),
        ({"amount": -5, "currency": "NPR"}, "-NPR 0.05"),
        ({"amount": 9950, "currency": "RSD"}, "RSD 99.50"),  # where the CLDR rounds, ISO 4217 does not
        ({"amount": 9950, "currency": "IQD"}, "IQD 9.950"),
        ({"amount": 1234567, "currency": "LBP"}, "LBP 12,345.67"),
        ({"amount": 9950, "currency": "BGN"}, "BGN 99.50"),  # withdrawn, and told of for those who have it
    ],
)
def test_money_has_its_currencys_own_decimals(money: dict[str, Any], said: str) -> None:
    assert f"{said} received." in _english("order.paid", "merchant", total=money)[1]


@pytest.mark.parametrize(
    "broken",
    [
        *(
            {"total": value}
            for value in (None, 3, {}, {"amount": "3", "currency": "NPR"}, {"amount": 3, "currency": 3})
        ),
        *({"lines": value} for value in (None, "x", [None], [{}], [{"name": None}])),
        *({"respond_by": value} for value in ("soon", 3, "2026-11-22T08:47:00", "", "0001-01-01T00:00:00+14:00")),
        {"code": None},
        {"merchant_name": 7},
        {"payment": "x"},
    ],
)
def test_a_payload_of_another_shape_is_told_without_what_it_breaks(broken: dict[str, object]) -> None:
    title, body = _english("order.requested", "merchant", **broken)

    assert title.startswith("Order")
    assert not {"{", "}"} & set(title + body)


@pytest.mark.parametrize("locale", ["en", "ne"])
@pytest.mark.parametrize(
    ("event_type", "audience"),
    [
        *(("order.accepted", "customer"), ("order.declined", "customer"), ("order.cancelled", "customer")),
        *(("order.cancelled", "merchant"), ("order.undelivered", "customer"), ("order.undelivered", "merchant")),
    ],
)
def test_what_somebody_wrote_is_handed_on(event_type: str, audience: Audience, locale: str) -> None:
    written = word(event_type, audience, ORDER | {"note": "Ring twice"}, locale=locale, time_zone="UTC")
    silent = word(event_type, audience, ORDER, locale=locale, time_zone="UTC")

    assert "Ring twice" in written.body
    assert "“" not in silent.body


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Asia", "Asia/Kathmandu\x00"])
def test_an_unknown_time_zone_tells_the_time_in_utc(zone: str) -> None:
    assert "before 08:47 (UTC)." in word("order.requested", "merchant", ORDER, locale="en", time_zone=zone).body


def test_a_name_cannot_forge_a_line_or_turn_the_writing_round() -> None:
    assert plain("Mug\r\nPaid!\u202e\x00  ok \ud800", 40) == "Mug Paid! ok ?"
    assert plain("x" * 50, 10) == "x" * 9 + "…"
    assert plain("क्\u200dष", 40) == "क्\u200dष"


def _english(event_type: str, audience: Audience, **changes: object) -> tuple[str, str]:
    wording = word(event_type, audience, ORDER | changes, locale="en", time_zone="Asia/Kathmandu")
    return wording.title, wording.body


def _texts(language: str) -> dict[str, Any]:
    return tomllib.loads(files("notifications").joinpath("templates", f"{language}.toml").read_text("utf-8"))


def _shape(texts: Any) -> Any:
    """The keys of a tree of texts, and at each leaf the names that are filled in."""
    if isinstance(texts, dict):
        return {key: _shape(value) for key, value in texts.items() if key != "formats"}
    if isinstance(texts, list):
        return [_shape(text) for text in texts]
    return sorted(part.partition("}")[0] for part in texts.split("{")[1:])
