"""The one write statement of placing: customers, orders, lines, holds, cells, ledger, history, events and keys."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, text

from merchant_api.accounts.mark_models import CustomerMark
from merchant_api.accounts.models import Customer
from merchant_api.core import clock, rows
from merchant_api.core.answer import Answer
from merchant_api.core.db import Model, session
from merchant_api.core.replay import IdempotencyKey
from merchant_api.orders import buyers
from merchant_api.orders.models import Order, OrderHistory, OrderLine, Registration
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.place.draft import Draft
from merchant_api.orders.place.recognise import new_marks
from merchant_api.orders.place.turns import FIRST_SQL, NEXT_SQL, Turns, turns_of
from merchant_api.orders.proven import proves
from merchant_api.orders.unproven import Stranger
from merchant_api.outbox.models import Event
from merchant_api.stock.ledger import CELLS_SQL, LEDGER_SQL, Book
from merchant_api.stock.models import Hold


def _table(model: type[Model]) -> Table:
    return cast("Table", model.__table__)


# What no new row has: it keeps its default, so that the common statement stays below what the driver keeps parsed.
LATER: dict[type[Model], frozenset[str]] = {
    Customer: frozenset({"has_bought"}),
    Order: frozenset(
        {
            "answered_at",
            "answered_by",
            "answer_note",
            "ready_at",
            "ended_at",
            "reason",
            "cause",
            "returned_value",
            "refunded",
            "disputes",
            "disputed",
            "parked_sum",
            "cancel_asked_at",
            "cancel_respond_by",
            "channel_id",
            "external_id",
        }
    ),
    OrderLine: frozenset({"cancelled", "returned"}),
    Hold: frozenset({"left_at", "back", "is_by_hand", "move_at"}),
}
OF_CHANNELS = frozenset({"channel_id", "external_id"})  # what only an order of a channel has, beside the common columns
_PARTS = {
    "customers": rows.insert_part(_table(Customer), "customers", " ON CONFLICT DO NOTHING", LATER[Customer]),
    "marks": rows.insert_part(_table(CustomerMark), "marks"),
    "keys": rows.insert_part(_table(IdempotencyKey), "keys"),
    "orders": rows.insert_part(_table(Order), "orders", without=LATER[Order]),
    "channel_orders": rows.insert_part(_table(Order), "channel_orders", without=LATER[Order] - OF_CHANNELS),
    "lines": rows.insert_part(_table(OrderLine), "lines", without=LATER[OrderLine]),
    "holds": rows.insert_part(_table(Hold), "holds", without=LATER[Hold]),
    "history": rows.insert_part(_table(OrderHistory), "history"),
    "events": rows.insert_part(_table(Event), "events"),
    "payments": rows.insert_part(_table(Payment), "payments"),
    "registrations": rows.insert_part(_table(Registration), "registrations"),
    "first_turns": FIRST_SQL,
    "turns": NEXT_SQL,
    "written_cells": CELLS_SQL,
    "ledger": LEDGER_SQL,
}
"""The parts of the statement by their names; those without rows are left out, so that the common one stays short."""
_COUNTED = ("written_cells", "first_turns", "turns")


def write(
    merchant_id: UUID,
    drafts: Sequence[Draft],
    answers: Sequence[Answer | None],
    book: Book,
    strangers: Mapping[UUID, Stranger],
) -> None:
    """Write all drafts and the book in one statement; raises Outrun where a stranger ordered at the same moment."""
    orders = [draft.locked.order for draft in drafts]
    turns = turns_of(merchant_id, drafts, strangers)
    found: dict[str, Sequence[Any]] = {
        "customers": _customers(merchant_id, drafts, turns),
        "marks": new_marks(merchant_id, (draft.placement.customer for draft in drafts)),
        "keys": _keys(drafts, answers),
        "orders": [_plain(order) for order in orders if order.channel_id is None],
        "channel_orders": [_of_channel(order) for order in orders if order.channel_id is not None],
        "lines": [_plain(line) for draft in drafts for line in draft.locked.lines],
        "holds": [_plain(hold) for draft in drafts for hold in draft.holds],
        "history": [row for draft in drafts for row in draft.locked.history],
        "events": [event for draft in drafts for event in draft.locked.events] + book.events(),
        "payments": [_plain(draft.payment) for draft in drafts if draft.payment],
        "registrations": [_plain(row) for row in _in_order(drafts)],
        "first_turns": turns.first,
    }
    given: dict[str, Any] = {name: rows.array(content) for name, content in found.items() if content}
    names = list(given)
    if turns.next:
        names.append("turns")
        given["turns"] = json.dumps(turns.next)
    if book.rows:
        names += ["written_cells", "ledger"]
        given |= book.parameters()
    counts = session().execute(_statement(tuple(names)), given | {"merchant_id": merchant_id}).one()
    written = dict(zip((name for name in names if name in _COUNTED), counts, strict=False))
    if book.rows:
        book.check(written["written_cells"])
    turns.check(written.get("first_turns", 0) + written.get("turns", 0))
    buyers.gain(merchant_id, {order.customer_id for order in orders if proves(order)})


_statements: dict[tuple[str, ...], Any] = {}


def _statement(names: tuple[str, ...]) -> Any:
    """The parts of these names, which says how many rows of those were written that a rival may have been faster at."""
    known = _statements.get(names)
    if known is None:
        counts = [f"(SELECT count(*) FROM {name})" for name in names if name in _COUNTED]  # noqa: S608 - our own words
        parts = [_PARTS[name] if name in _COUNTED else _PARTS[name].replace(" RETURNING 1)", ")") for name in names]
        sql = f"WITH {', '.join(parts)} SELECT {', '.join(counts) or '0'}"
        known = text(" ".join(sql.split())).bindparams(bindparam("merchant_id", type_=Uuid()))
        _statements[names] = known
    return known


def _customers(merchant_id: UUID, drafts: Iterable[Draft], turns: Turns) -> list[dict[str, Any]]:
    """Rows that the merchant may not have yet, but for those that are written in turn."""
    new = ((draft.placement.customer, draft.locked.at) for draft in drafts if draft.placement.customer.is_new)
    return [customer.row(merchant_id, at) for customer, at in new if customer.person_id not in turns.people]


def _plain(row: Model) -> dict[str, Any]:
    without = LATER.get(type(row), frozenset[str]())
    return {column: getattr(row, column) for column in rows.columns_of(_table(type(row))) if column not in without}


def _of_channel(order: Order) -> dict[str, Any]:
    return _plain(order) | {column: getattr(order, column) for column in OF_CHANNELS}


def _in_order(drafts: Iterable[Draft]) -> list[Registration]:
    """Sorted by key, so that two batches with the same people never wait for each other."""
    found = [row for draft in drafts for row in draft.registrations]
    return sorted(found, key=lambda row: (row.product_id, row.person_id))


def _keys(drafts: Sequence[Draft], answers: Sequence[Answer | None]) -> list[dict[str, Any]]:
    return [
        {
            "merchant_id": claim.merchant_id,
            "actor_id": claim.actor_id,
            "scope": claim.scope,
            "key": claim.key,
            "fingerprint": claim.fingerprint,
            "status": answer.status,
            "body": answer.body,
            "claimed_at": clock.now(),
        }
        for draft, answer in zip(drafts, answers, strict=True)
        if (claim := draft.placement.claim) is not None and answer is not None
    ]
