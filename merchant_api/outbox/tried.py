"""Record tries of deliveries, many in one statement, each under its lease's token: a superseded token changes nothing.

Every try leaves an attempt, in the statement that ends the delivery or lets it wait for the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid, case, cast, func, insert, literal, select, text, update

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.outbox.models import Attempt, Delivery, DeliveryState
from merchant_api.outbox.retry import Next

LONGEST_ANSWER = 500


@dataclass(frozen=True, slots=True)
class AttemptAnswer:
    """What one attempt of a delivery brought: the outcome's name, and what was answered, in words without addresses."""

    outcome: str
    words: str


@dataclass(frozen=True, slots=True)
class Try:
    """A leased delivery that was tried, what was answered, and what becomes of it."""

    delivery: Delivery
    answer: AttemptAnswer
    then: Next


def record(merchant_id: UUID, tries: Sequence[Try]) -> set[UUID]:
    """Record tries of a merchant's deliveries; gives the ids of those whose lease was still ours.

    It was not when the lease ran out and another worker claimed the row, or when the row was ended meanwhile.
    """
    told, instant = _told(tries), clock.now()
    is_waiting = told.c.state == DeliveryState.PENDING.value
    changed = (
        update(Delivery)
        .where(Delivery.merchant_id == merchant_id, Delivery.id == told.c.id)
        .where(Delivery.lease_token == told.c.lease_token, text("deliveries.state = 'pending'"))
        .values(
            state=told.c.state,
            due_at=told.c.due_at,
            lease_token=None,
            ended_at=case((is_waiting, None), else_=literal(instant, DateTime(timezone=True))),
        )
        .returning(Delivery.id, Delivery.attempts, told.c.outcome, told.c.answer)
        .cte("changed")
    )
    rows = select(
        literal(merchant_id, Uuid),
        *(changed.c.id, changed.c.attempts, changed.c.outcome, changed.c.answer),
        literal(instant, DateTime(timezone=True)),
    )
    columns = ["merchant_id", "delivery_id", "number", "outcome", "answer", "tried_at"]
    left = insert(Attempt).from_select(columns, rows).returning(Attempt.delivery_id)
    return set(session().execute(left, execution_options={"synchronize_session": False}).scalars())


def _told(tries: Sequence[Try]) -> Any:
    columns: dict[str, tuple[Any, list[Any]]] = {
        "id": (Uuid, [each.delivery.id for each in tries]),
        "lease_token": (Uuid, [each.delivery.lease_token for each in tries]),
        "state": (Text, [each.then.state.value for each in tries]),
        "due_at": (DateTime(timezone=True), [each.then.due_at for each in tries]),
        "outcome": (Text, [each.answer.outcome for each in tries]),
        "answer": (Text, [each.answer.words[:LONGEST_ANSWER] for each in tries]),
    }
    arrays = [cast(values, ARRAY(kind)) for kind, values in columns.values()]
    return func.unnest(*arrays).table_valued(*columns, name="told").render_derived()
