"""Orders of a Vendure that a real one has too seldom for a test: old ones, parts of others, odd currencies."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from merchant_api.channels.kinds.vendure.order import is_sale, order

NOW = datetime.now(UTC)


def _row(**fields: Any) -> dict[str, Any]:
    """An order as it is listed."""
    line = {
        "id": "7",
        "quantity": 2,
        "orderPlacedQuantity": 3,
        "proratedUnitPriceWithTax": 1990,
        "productVariant": {"id": "1", "sku": "", "name": "Mug"},
    }
    plain = {
        "id": "12",
        "code": "ABCD",
        "type": "Regular",
        "state": "PaymentSettled",
        "orderPlacedAt": NOW.isoformat(),
        "currencyCode": "NPR",
        "totalWithTax": 3980,
        "customer": None,
        "shippingAddress": None,
        "payments": None,
        "lines": [line],
    }
    return {**plain, **fields}


@pytest.mark.parametrize(
    ("state", "days", "is_open"),
    [
        ("PaymentSettled", 300, True),
        ("PaymentSettled", 366, False),
        ("Delivered", 59, True),
        ("Delivered", 61, False),
        ("Cancelled", 0, False),
    ],
)
def test_an_order_is_open_as_long_as_somebody_may_change_it(state, days, is_open):
    placed = (NOW - timedelta(days=days)).isoformat()

    assert order(_row(state=state, orderPlacedAt=placed), 2).is_open == is_open


@pytest.mark.parametrize(
    "fields", [{"orderPlacedAt": None}, {"state": "Draft"}, {"state": "ArrangingPayment"}, {"type": "Aggregate"}]
)
def test_a_cart_a_draft_and_the_sum_of_several_sellers_orders_are_no_sale(fields):
    assert not is_sale(_row(**fields))
    assert is_sale(_row(type="Seller"))


@pytest.mark.parametrize("state", ["Modifying", "ArrangingAdditionalPayment", "PartiallyShipped", "of a plug-in"])
def test_whatever_the_state_after_payment_an_order_has_taken_what_its_lines_say(state):
    (line,) = order(_row(state=state), 2).lines

    assert (line.taken, line.cancelled, line.sku) == (2, 1, None)


def test_a_price_finer_than_the_currency_is_told_and_not_rounded():
    found = order(_row(currencyCode="JPY"), 2)

    assert found.lines[0].unit_price is None
    assert "JPY" in found.notes[0]


def test_who_ordered_is_read_from_the_address_where_there_is_no_customer():
    found = order(_row(shippingAddress={"fullName": "Asha Rai", "phoneNumber": "977"}), 2)

    assert (found.customer.name, found.customer.email, found.customer.phone) == ("Asha Rai", None, "977")
    assert not found.is_paid
