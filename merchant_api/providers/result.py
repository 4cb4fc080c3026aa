"""What came of trying to apply an event."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class UnmatchedReason(StrEnum):
    """Why an event waits, or fits nothing."""

    NAMES_NO_ORDER = "names_no_order"
    NO_SUCH_ORDER = "no_such_order"
    NO_SUCH_PAYMENT = "no_such_payment"
    OTHER_ORDER = "other_order"  # the payment is known, as another order's
    OTHER_AMOUNT = "other_amount"  # it is known, as other money
    REFERENCE_USED = "reference_used"  # its reference stands for other money
    AMOUNT_NOT_EXACT = "amount_not_exact"  # no whole number of our minor units
    MORE_THAN_WAS_PAID = "more_than_was_paid"


@dataclass(frozen=True, slots=True)
class Applied:
    """The payment says now what the event told."""

    payment_id: UUID


@dataclass(frozen=True, slots=True)
class Waits:
    """What it is about is not here yet, or never comes."""

    why: UnmatchedReason


@dataclass(frozen=True, slots=True)
class Unmatched:
    """It contradicts what is here: somebody has to look."""

    why: UnmatchedReason


Result = Applied | Waits | Unmatched
