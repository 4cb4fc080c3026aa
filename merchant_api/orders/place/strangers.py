"""Who of some customers is not proven yet, and what he has at once: part of the locked read of placing.

Proven is whom the merchant trusts, which it does of everybody whom a seller entered, and who has bought
(`orders/buyers.py`); most of them are known from signing in, and nothing of them is read here. What is read is of the
statement's moment, which may have waited for a cell since: who places on it writes only where the customer's `turn` is
unchanged (`turns.py`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text

from merchant_api.core.db import session
from merchant_api.orders.proven import OPEN
from merchant_api.orders.unproven import Stranger

Found = dict[UUID, Stranger]
PEOPLE = bindparam("people", type_=ARRAY(Uuid()))
OPEN_ORDERS = f"""(
        SELECT count(*) FROM orders
        WHERE orders.merchant_id = :merchant_id AND orders.customer_id = who.person_id AND {OPEN}
    )"""  # noqa: S608 - our own words
SQL = f"""strangers AS (
    SELECT coalesce(jsonb_agg(jsonb_build_array(who.person_id, coalesce(customers.turn, 0),
        customers.person_id IS NOT NULL, {OPEN_ORDERS}, (
            SELECT jsonb_object_agg(promised.product_id, promised.units) FROM (
                SELECT product_id, sum(quantity - cancelled) AS units
                FROM orders JOIN order_lines ON order_lines.merchant_id = orders.merchant_id AND order_id = orders.id
                WHERE orders.merchant_id = :merchant_id AND orders.customer_id = who.person_id AND {OPEN}
                    AND product_id = ANY(:products) AND NOT (orders.state = 'requested' AND verdict = 'ask')
                GROUP BY product_id
            ) AS promised
        ))), '[]') AS found
    FROM unnest(:people) AS who(person_id)
    JOIN merchants ON merchants.id = :merchant_id AND merchants.unproven_open_orders > 0
    LEFT JOIN customers ON customers.merchant_id = :merchant_id AND customers.person_id = who.person_id
    WHERE coalesce(customers.is_trusted OR customers.has_bought, false) IS FALSE
)"""  # noqa: S608 - our own words
_READ = text(f"WITH {SQL} SELECT found FROM strangers").bindparams(  # noqa: S608 - our own words
    bindparam("merchant_id", type_=Uuid()), bindparam("products", type_=ARRAY(Uuid())), PEOPLE
)


def read(merchant_id: UUID, products: Iterable[UUID], people: Iterable[UUID]) -> Found:
    """The strangers among some people, and what they have of some products, as it is at this moment."""
    given = {"merchant_id": merchant_id, "products": sorted(set(products)), "people": sorted(set(people))}
    return found_in(session().execute(_READ, given).scalar_one())


def found_in(rows: Sequence[Sequence[Any]]) -> Found:
    """The strangers in what SQL found."""
    return {
        UUID(person_id): Stranger(
            turn, is_known, orders, Counter({UUID(key): had for key, had in (units or {}).items()})
        )
        for person_id, turn, is_known, orders, units in rows
    }
