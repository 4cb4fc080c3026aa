"""What rows of the ledger say, whatever reason and direction they have."""

import pytest

from merchant_api.orders.figures import words
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.states import BY_HAND, Reason


def said(reason, change, after=7, comment=None, held=0):
    row = LedgerRow(
        reason=reason,
        on_hand_change=change,
        held_change=held,
        used_change=0,
        on_hand=after,
        comment=comment,
        actor={"kind": "owner", "id": "1", "name": "Binod"},
    )
    return str(words.of_row(row, "8FXT2G", None))


@pytest.mark.parametrize(
    ("reason", "change", "sentence"),
    [
        (Reason.OPENING, 7, "7 to begin with"),
        (Reason.RECEIVED, 5, "5 received"),
        (Reason.RECEIVED, -5, "received: 5 fewer"),
        (Reason.RETURNED, 1, "1 returned"),
        (Reason.DAMAGED, -2, "2 damaged"),
        (Reason.DAMAGED, 2, "damaged: 2 more"),
        (Reason.LOST, -2, "2 lost"),
        (Reason.COUNT, 2, "counted: 7, 2 more than the 5 of the books"),
        (Reason.COUNT, -1, "counted: 7, 1 fewer than the 8 of the books"),
        (Reason.COUNT, 0, "counted: 7, as the books said"),
        (Reason.CORRECTION, 2, "correction: 5 became 7"),
        (Reason.CORRECTION, 0, "correction: 7 on hand, nothing changed"),
        (Reason.CHANNEL_IMPORT, 7, "channel import: 0 became 7"),
        (Reason.TRANSFER, 3, "3 moved here from another location"),
        (Reason.TRANSFER, -3, "3 moved to another location"),
        (Reason.REGRADE, 3, "3 came from another grade"),
        (Reason.REGRADE, -3, "3 went to another grade"),
        (Reason.OTHER, 3, "3 more"),
        (Reason.OTHER, -3, "3 fewer"),
        (Reason.PROMOTION, -3, "promotion: 3 fewer"),
    ],
)
def test_what_somebody_did_is_said_with_his_name(reason, change, sentence):
    assert said(reason, change) == f"{sentence} (Binod)"


def test_what_he_said_of_it_is_told_too():
    assert said(Reason.RECEIVED, 5, comment="delivery of Monday") == "5 received: delivery of Monday (Binod)"


def test_a_correction_of_what_is_held_says_so():
    assert said(Reason.CORRECTION, 0, held=-2) == "held corrected by -2 (Binod)"


@pytest.mark.parametrize("reason", sorted(BY_HAND))
@pytest.mark.parametrize("change", [-1, 0, 1])
def test_every_reason_given_by_hand_has_a_sentence_in_every_direction(reason, change):
    assert len(said(reason, change).removesuffix(" (Binod)")) > len("1 more") - 1
