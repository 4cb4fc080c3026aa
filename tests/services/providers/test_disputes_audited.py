"""The audit agrees with disputes, and sees one that is told wrongly."""

from sqlalchemy import text

from merchant_api.core.db import session
from merchant_api.orders.money import audit
from tests.services.providers.banks import disputes_it
from tests.services.providers.totals import FIRST, paid_order


def test_the_audit_knows_disputes(shop, provider):
    paid_order(shop, provider)
    disputes_it(provider, amount=FIRST)
    assert audit.audit(shop.id) == []

    session().execute(text("UPDATE orders SET disputed = disputed + 1"))
    assert [each.what for each in audit.audit(shop.id)] == [f"disputed is {FIRST + 1}, its payments say {FIRST}"]


def test_the_audit_sees_a_payment_that_says_otherwise_than_its_disputes(shop, provider):
    order = paid_order(shop, provider)
    disputes_it(provider, amount=FIRST)

    session().execute(text("UPDATE payments SET disputed = 7"))
    session().execute(text("UPDATE orders SET disputed = 7"))

    (found,) = audit.audit(shop.id)
    assert (found.where, found.what) == (
        f"order {order.code}",
        f"a bank has 7 of payment pi_1, its disputes say {FIRST}",
    )
