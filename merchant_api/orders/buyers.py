"""The one writer of `customers.has_bought`: whether an order of his proves a customer, so that placing need not ask.

It follows in the transaction that moves the order, under the customer's lock, which comes after all others: of two
orders at once, one that proves and one that ceases to, the second sees what the first wrote. Whose only proof is undone
(the money went back, a bank took it, the order ended) is new again; his other orders are looked at then.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text

from merchant_api.accounts import known
from merchant_api.core.db import session
from merchant_api.orders.proven import PROVES
from merchant_api.stock.report import Difference

_HAS = f"""EXISTS (
        SELECT FROM orders
        WHERE orders.merchant_id = :merchant_id AND orders.customer_id = customers.person_id AND ({PROVES})
    )"""
_MERCHANT = bindparam("merchant_id", type_=Uuid())
_PEOPLE = bindparam("people", type_=ARRAY(Uuid()))
# The part that locks reads a row as it is once it is locked; a condition on it outside is not moved into it.
_GAIN = text(
    """
    WITH locked AS MATERIALIZED (
        SELECT person_id, has_bought FROM customers
        WHERE merchant_id = :merchant_id AND person_id = ANY(:people)
        ORDER BY person_id FOR NO KEY UPDATE
    )
    UPDATE customers SET has_bought = true FROM locked
    WHERE merchant_id = :merchant_id AND customers.person_id = locked.person_id AND NOT locked.has_bought
    """
).bindparams(_MERCHANT, _PEOPLE)
_LOOK_AGAIN = text(
    f"UPDATE customers SET has_bought = {_HAS} "  # noqa: S608 - our own words
    "WHERE merchant_id = :merchant_id AND person_id = ANY(:people)"
).bindparams(_MERCHANT, _PEOPLE)
_WRONG = text(
    f"SELECT person_id, has_bought FROM customers "  # noqa: S608 - our own words
    f"WHERE merchant_id = :merchant_id AND has_bought <> {_HAS} ORDER BY person_id"
).bindparams(_MERCHANT)


def gain(merchant_id: UUID, people: Collection[UUID]) -> None:
    """Orders of these customers prove them from now on."""
    if people:
        session().execute(_GAIN, {"merchant_id": merchant_id, "people": sorted(people)})


def look_again(merchant_id: UUID, people: Collection[UUID]) -> None:
    """Orders of these customers prove them no more; others may."""
    if people:
        known.lock(merchant_id, people)
        session().execute(_LOOK_AGAIN, {"merchant_id": merchant_id, "people": sorted(people)})


def audit(merchant_id: UUID) -> list[Difference]:
    """Customers who are said to have bought and did not, or the other way round; one read."""
    return [
        Difference(
            f"customer {person_id}",
            f"has_bought is {str(has_bought).lower()}, the orders say otherwise",
            (),
            f"set has_bought to {str(not has_bought).lower()}",
        )
        for person_id, has_bought in session().execute(_WRONG, {"merchant_id": merchant_id})
    ]
