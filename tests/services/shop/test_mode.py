"""What a product shows: every status, way of being short, and level of stock."""

import pytest

from merchant_api.catalog.models import Status, WhenShort
from merchant_api.shop.mode import Mode, ModeFacts, mode_of


@pytest.mark.parametrize(
    ("facts", "mode", "reason"),
    [
        (ModeFacts(Status.DRAFT, True, WhenShort.ASK, 5, 0), Mode.CLOSED, "Draft: takes no orders"),
        (ModeFacts(Status.ARCHIVED, False, WhenShort.ASK, 5, 0), Mode.CLOSED, "Archived: takes no orders"),
        (
            ModeFacts(Status.PUBLISHED, False, WhenShort.REFUSE, 0, 0),
            Mode.UNTRACKED,
            "Stock is not counted: every order is taken",
        ),
        (ModeFacts(Status.PUBLISHED, True, WhenShort.ASK, 25, 0), Mode.INSTANT, "25 available"),
        (
            ModeFacts(Status.PUBLISHED, True, WhenShort.ASK, 0, 0),
            Mode.ON_REQUEST,
            "None in stock: the merchant is asked",
        ),
        (
            ModeFacts(Status.PUBLISHED, True, WhenShort.BACKORDER, 0, 3),
            Mode.BACKORDER,
            "None in stock: ordered now, delivered when it comes in; 3 owed",
        ),
        (ModeFacts(Status.PUBLISHED, True, WhenShort.REFUSE, 0, 0), Mode.CLOSED, "Sold out"),
        (ModeFacts(Status.PUBLISHED, True, WhenShort.REFUSE, 1, 0), Mode.INSTANT, "1 available"),
    ],
)
def test_the_mode_follows_from_status_and_stock(facts, mode, reason):
    shown = mode_of(facts)

    assert (shown.mode, str(shown.reason)) == (mode, reason)
