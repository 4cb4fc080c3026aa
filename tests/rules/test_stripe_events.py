"""What Stripe's events say of money, in our words; whatever is not there is not guessed."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from merchant_api.core.errors import Invalid
from merchant_api.core.money import Money
from merchant_api.providers.events import MoneyBack, Other, PaymentSucceeded, RefundedInAll
from merchant_api.providers.facts import facts, from_facts
from merchant_api.providers.stripe_kind import read
from tests.make.providers import back, charge, checkout, intent

ORDER = UUID("0190f3a4-0000-7000-8000-000000000001")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def told(type_, about, **members):
    event = {"id": "evt_1", "type": type_, "created": int(NOON.timestamp()), "data": {"object": about}}
    return read(event | members)


@pytest.mark.parametrize(
    ("type_", "about"),
    [
        ("payment_intent.succeeded", intent("pi_1", 300_000, order_id=str(ORDER))),
        ("checkout.session.completed", checkout("pi_1", 300_000, order_id=str(ORDER))),
        ("checkout.session.async_payment_succeeded", checkout("pi_1", 300_000, order_id=str(ORDER))),
    ],
)
def test_money_that_came_in(type_, about):
    event = told(type_, about)

    assert isinstance(event, PaymentSucceeded)
    assert (event.subject, event.figure.money, event.order_id) == ("pi_1", Money(300_000, "NPR"), ORDER)
    assert (event.paid_at, event.named) == (NOON, None)


def test_the_order_may_be_named_by_the_reference_of_its_payment():
    assert told("payment_intent.succeeded", intent("pi_1", 5, payment_reference="INV-7")).named == "INV-7"


@pytest.mark.parametrize("type_", ["refund.created", "refund.updated", "charge.refund.updated"])
def test_money_that_went_back(type_):
    event = told(type_, back("re_1", "pi_1", 100_000, metadata={"orderbell_refund": str(ORDER)}))

    assert isinstance(event, MoneyBack)
    assert (event.subject, event.reference, event.figure.money) == ("pi_1", "re_1", Money(100_000, "NPR"))
    assert (event.refund_id, event.failure) == (ORDER, None)


@pytest.mark.parametrize(
    ("about", "amount"),
    [
        (charge("pi_1", 500, 200), 200),
        (charge("pi_1", 500, 300, amount_captured=400), 200),  # 100 were never captured
        ({name: value for name, value in charge("pi_1", 500, 200).items() if name != "amount_captured"}, 200),
    ],
)
def test_money_that_went_back_in_all(about, amount):
    event = told("charge.refunded", about)

    assert isinstance(event, RefundedInAll)
    assert (event.subject, event.reference, event.figure.money) == ("pi_1", "ch_pi_1", Money(amount, "NPR"))
    assert event.told_at == NOON


def test_a_charge_without_a_payment_intent_is_its_own_payment():
    assert told("charge.refunded", charge("pi_1", 500, 200, payment_intent=None)).subject == "ch_pi_1"


@pytest.mark.parametrize("hint", [str(ORDER), "UN4KFT", "cus_1"])
def test_a_checkout_may_name_its_order_where_its_metadata_do_not(hint):
    session = checkout("pi_1", 5) | {"client_reference_id": hint}
    named = session | {"metadata": {"payment_reference": "INV-7"}}

    assert told("checkout.session.completed", session).hint == hint
    assert told("checkout.session.completed", named).hint is None


@pytest.mark.parametrize(
    ("status", "reason", "said"), [("failed", "declined", "declined"), ("canceled", None, "canceled")]
)
def test_money_that_did_not_go_back_after_all(status, reason, said):
    assert told("refund.failed", back("re_1", "pi_1", 1, status, failure_reason=reason)).failure == said


def test_a_refund_without_a_payment_intent_is_about_its_charge():
    assert told("refund.created", back("re_1", "pi_1", 1, payment_intent=None)).subject == "ch_pi_1"


@pytest.mark.parametrize(
    ("type_", "about"),
    [
        ("customer.created", {"id": "cus_1"}),
        ("charge.refunded", charge("pi_1", 5, 0)),
        ("charge.refunded", charge("pi_1", 5, 5, captured=False)),  # it was let go, and never paid
        ("charge.refunded", charge("pi_1", 500, 200, amount_captured=300)),  # the rest was let go
        ("charge.refunded", charge("pi_1", 5, 5, currency=None)),
        ("charge.refunded", charge("pi_1", 5, True)),
        ("charge.refunded", charge("pi_1", 5, -5)),
        ("charge.refunded", charge("pi_1", 5, 5, payment_intent=None, id=None)),
        ("charge.succeeded", {"id": "ch_1", "amount": 5, "currency": "npr"}),
        ("checkout.session.completed", checkout("pi_1", 5) | {"payment_status": "unpaid"}),
        ("checkout.session.completed", checkout("pi_1", 5) | {"payment_intent": None}),
        ("payment_intent.succeeded", intent("pi_1", 0)),
        ("payment_intent.succeeded", intent("pi_1", 5) | {"amount_received": "5"}),
        ("payment_intent.succeeded", intent("pi_1", 5) | {"amount_received": True}),
        ("payment_intent.succeeded", intent("pi_1", 5) | {"amount_received": -5}),
        ("payment_intent.succeeded", intent("pi_1", 5) | {"amount_received": 10**16}),
        ("payment_intent.succeeded", intent("pi_1", 5) | {"currency": None}),
        ("payment_intent.succeeded", intent("x" * 256, 5)),
        ("payment_intent.succeeded", []),
        ("refund.created", back("re_1", "pi_1", 5, "pending")),
        ("refund.updated", back("re_1", "pi_1", 5, "requires_action")),
        ("refund.updated", back("re_1", "pi_1", 0)),
        ("refund.updated", {}),
        ("v2.core.event", {"object": "v2.core.event"}),
    ],
)
def test_what_says_nothing_of_money_changes_nothing(type_, about):
    assert told(type_, about) == Other("evt_1", type_)


@pytest.mark.parametrize("created", [None, -1, True, "5", 10**18])
def test_an_event_that_nobody_can_date_changes_nothing(created):
    assert isinstance(told("payment_intent.succeeded", intent("pi_1", 5), created=created), Other)


@pytest.mark.parametrize("metadata", [None, [], "order_id", {"order_id": "MUG"}, {"order_id": 5}, {"order_id": None}])
def test_metadata_that_name_no_order_of_ours_name_none(metadata):
    event = told("payment_intent.succeeded", intent("pi_1", 5) | {"metadata": metadata})

    assert (event.order_id, event.named) == (None, None)


@pytest.mark.parametrize("members", [{"id": None}, {"id": ""}, {"id": "x" * 256}, {"type": None}])
def test_what_is_no_event_is_not_valid(members):
    with pytest.raises(Invalid):
        told("payment_intent.succeeded", intent("pi_1", 5), **members)


@pytest.mark.parametrize(
    "event",
    [
        told("payment_intent.succeeded", intent("pi_1", 5, order_id=str(ORDER), payment_reference="INV-7")),
        told("payment_intent.succeeded", intent("pi_1", 5)),
        told("checkout.session.completed", checkout("pi_1", 5) | {"client_reference_id": "UN4KFT"}),
        told("charge.refunded", charge("pi_1", 5, 3)),
        told("refund.created", back("re_1", "pi_1", 5, metadata={"orderbell_refund": str(ORDER)})),
        told("refund.failed", back("re_1", "pi_1", 5, "failed", failure_reason="declined")),
    ],
)
def test_facts_that_were_kept_are_the_event_again(event):
    assert from_facts(event.event_id, event.type, facts(event)) == event


def test_facts_of_before_totals_and_hints_are_still_read():
    paid = told("payment_intent.succeeded", intent("pi_1", 5))
    failed = told("refund.failed", back("re_1", "pi_1", 5, "failed"))
    older = [
        {name: value for name, value in facts(each).items() if name not in ("hint", "told_at")}
        for each in (paid, failed)
    ]

    assert from_facts("evt_1", paid.type, older[0]) == paid
    assert from_facts("evt_1", failed.type, older[1]).failure == "failed"
