"""Why an order ended: in anybody's words, and as a cause where the word is one of ours."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from merchant_api.accounts.models import Terms
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.orders.money.revivable import ended_by_itself
from merchant_api.orders.states import RESERVED_REASONS, Cause, DeclineReason, State
from merchant_api.orders.steps import cancel, decide, pickup
from tests.make.orders import make_order, place_one, reread, sweep_overdue
from tests.make.people import make_actor
from tests.make.stock import make_product

SELLER = make_actor()


def make_request():
    return place_one([(make_product(on_hand=0), 1)])


def make_unpaid():
    return place_one([(make_product(on_hand=5), 1)], terms=Terms.AFTER_ACCEPTANCE)


def call_off(order, reason):
    cancel.cancel(order.merchant_id, order.id, cancel.Cancel(reason), SELLER)
    session().commit()
    return reread(order)


@pytest.mark.parametrize("reason", DeclineReason)
def test_a_merchant_s_reason_to_decline_is_the_cause(database, reason):
    order = make_request()

    decide.decline(order.merchant_id, order.id, decide.Decline(reason, note="so it is"), SELLER)
    session().commit()

    after = reread(order)
    assert (after.reason, after.cause) == (reason.value, Cause(reason.value))


def test_what_a_person_typed_is_no_cause_even_where_it_is_a_word_of_ours(database):
    for reason in ("changed my mind", "too_busy"):
        after = call_off(make_unpaid(), reason)

        assert (after.state, after.reason, after.cause) == (State.CANCELLED, reason, None)
        assert not ended_by_itself(after)


def test_an_order_that_nobody_paid_or_answered_says_so_itself(database):
    unpaid = make_unpaid()
    with clock.clock.pinned(unpaid.sweep_at):
        sweep_overdue(unpaid)
    unheard = make_order(State.EXPIRED, [(make_product(on_hand=0), 1)])

    found = [(each.reason, each.cause, ended_by_itself(each)) for each in (reread(unpaid), unheard)]

    assert found == [
        ("payment_overdue", Cause.PAYMENT_OVERDUE, True),
        ("no_answer", Cause.NO_ANSWER, True),
    ]


def test_what_came_back_undelivered_says_so(database):
    order = make_order(State.PICKED_UP, [(make_product(on_hand=5), 1)])

    pickup.fail(order.merchant_id, order.id, "nobody at home", SELLER)
    session().commit()

    after = reread(order)
    assert (after.reason, after.cause, ended_by_itself(after)) == ("undelivered", Cause.UNDELIVERED, False)


def test_a_cause_is_a_reason_to_decline_or_a_word_that_nobody_may_type():
    assert {cause.value for cause in Cause} == {reason.value for reason in DeclineReason} | set(RESERVED_REASONS)


@pytest.mark.parametrize(("table", "column"), [("orders", "cause"), ("orders", "mode"), ("payments", "parked_reason")])
def test_the_database_knows_no_other_words(database, table, column):
    order = make_order(State.CONFIRMED, [(make_product(on_hand=0), 1)])
    changed = text(f"UPDATE {table} SET {column} = 'whatever' WHERE merchant_id = :merchant")

    with pytest.raises(IntegrityError, match=f"ck_{table}_{column}"):
        session().execute(changed, {"merchant": order.merchant_id})
    session().rollback()
