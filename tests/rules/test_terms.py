"""Payment terms: which hold for an order, and where it stands once nothing more is asked."""

import pytest

from merchant_api.accounts.errors import TermsNotAllowed
from merchant_api.accounts.models import Terms
from merchant_api.orders.states import State
from merchant_api.orders.terms import settle_terms, standing

DELIVERY, LATER, PREPAID = Terms.ON_DELIVERY, Terms.AFTER_ACCEPTANCE, Terms.PREPAID


@pytest.mark.parametrize(
    ("asked", "allowed", "default", "taken_at_once", "as_request"),
    [
        (None, None, None, DELIVERY, LATER),
        (None, None, LATER, LATER, LATER),
        (None, None, DELIVERY, DELIVERY, DELIVERY),
        (None, ["on_delivery"], None, DELIVERY, DELIVERY),
        (None, ["after_acceptance"], None, LATER, LATER),
        (None, ["after_acceptance", "prepaid"], None, LATER, LATER),
        (None, ["after_acceptance"], DELIVERY, LATER, LATER),
        (None, None, PREPAID, DELIVERY, LATER),
        (None, [], None, DELIVERY, LATER),
        (DELIVERY, None, LATER, DELIVERY, DELIVERY),
        (LATER, None, None, LATER, LATER),
        (PREPAID, ["prepaid"], None, PREPAID, PREPAID),
    ],
)
def test_terms_are_those_asked_for_or_the_default_or_the_usual_ones(asked, allowed, default, taken_at_once, as_request):
    assert settle_terms(asked, allowed, default, is_request=False) is taken_at_once
    assert settle_terms(asked, allowed, default, is_request=True) is as_request


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [(LATER, ["on_delivery"]), (PREPAID, ["on_delivery", "after_acceptance"]), (None, ["prepaid"])],
)
def test_terms_that_the_merchant_does_not_offer_are_refused_and_the_offered_ones_named(asked, allowed):
    with pytest.raises(TermsNotAllowed) as refused:
        settle_terms(asked, allowed, None, is_request=False)

    assert refused.value.members["allowed"] == allowed


@pytest.mark.parametrize(
    ("terms", "left", "state"),
    [
        (LATER, 1, State.AWAITING_PAYMENT),
        (LATER, 0, State.CONFIRMED),
        (DELIVERY, 1, State.CONFIRMED),
        (PREPAID, 0, State.CONFIRMED),
    ],
)
def test_an_order_waits_for_money_only_where_its_terms_say_so_and_some_is_left(terms, left, state):
    assert standing(terms, left) is state
