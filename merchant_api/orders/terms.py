"""Payment terms, pure: which hold for an order, and where an order stands once nothing more is asked (DESIGN.md 2)."""

from collections.abc import Sequence

from merchant_api.accounts.errors import TermsNotAllowed
from merchant_api.accounts.models import Terms
from merchant_api.orders.states import State


def settle_terms(
    asked: Terms | None, allowed: Sequence[str] | None, default: Terms | None, *, is_request: bool
) -> Terms:
    """The terms of an order; raises TermsNotAllowed. Without any, a taken order is `on_delivery`, a request later."""
    offered = [Terms(word) for word in allowed] if allowed else list(Terms)
    if asked is not None:
        if asked not in offered:
            raise TermsNotAllowed(allowed=[terms.value for terms in offered])
        return asked
    usual = Terms.AFTER_ACCEPTANCE if is_request else Terms.ON_DELIVERY
    for terms in (default, usual, Terms.ON_DELIVERY, Terms.AFTER_ACCEPTANCE):
        if terms is not None and terms in offered and terms is not Terms.PREPAID:
            return terms
    raise TermsNotAllowed("This merchant takes orders paid beforehand only.", allowed=[Terms.PREPAID.value])


def standing(terms: Terms, left_to_pay: int) -> State:
    """Where an order stands that waits for no answer: money first, where the terms say so and some is left to pay."""
    if terms is Terms.AFTER_ACCEPTANCE and left_to_pay > 0:
        return State.AWAITING_PAYMENT
    return State.CONFIRMED
