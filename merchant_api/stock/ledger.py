"""The ledger: the one way by which a cell's figures change.

A `Book` holds the balances of locked cells, takes changes one by one, and writes cells and ledger rows in one
statement, each cell under `seq = :read`. So on every cell, always: the sum of its ledger is its balances. In the same
statement it tells of which products others can buy more or fewer now: one `stock.changed` for all of them.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self, cast
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, text

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.db import session
from merchant_api.core.errors import Conflict
from merchant_api.core.ids import new_id
from merchant_api.core.rows import array, insert_part
from merchant_api.outbox.models import Event
from merchant_api.outbox.record import STOCK_CHANGED, Happening
from merchant_api.stock.states import Reason

CellKey = tuple[UUID, UUID, UUID]  # product, location, grade

# Parts of a WITH clause; placing puts them into its one write statement. Each takes one JSON array.
CELLS_SQL = """written_cells AS (
    UPDATE cells SET on_hand = new.on_hand, held = new.held, used = new.used, seq = new.seq
    FROM jsonb_to_recordset(CAST(:cells AS jsonb)) AS new(
        product_id uuid, location_id uuid, grade_id uuid,
        on_hand integer, held integer, used bigint, seq bigint, read_seq bigint)
    WHERE cells.merchant_id = :merchant_id AND cells.product_id = new.product_id
        AND cells.location_id = new.location_id AND cells.grade_id = new.grade_id AND cells.seq = new.read_seq
    RETURNING 1)"""
LEDGER_SQL = """written_ledger AS (
    INSERT INTO ledger (merchant_id, id, product_id, location_id, grade_id, seq, on_hand_change, held_change,
        used_change, on_hand, held, used, reason, comment, actor, order_id, hold_id, happened_at, hold_back)
    SELECT :merchant_id, id, product_id, location_id, grade_id, seq, on_hand_change, held_change,
        used_change, on_hand, held, used, reason, comment, actor, order_id, hold_id, happened_at, hold_back
    FROM jsonb_to_recordset(CAST(:ledger AS jsonb)) AS new(
        id uuid, product_id uuid, location_id uuid, grade_id uuid, seq bigint, on_hand_change integer,
        held_change integer, used_change integer, on_hand integer, held integer, used bigint, reason text,
        comment text, actor jsonb, order_id uuid, hold_id uuid, happened_at timestamptz, hold_back integer))"""
_EVENTS_SQL = insert_part(cast("Table", Event.__table__), "events")
_DONE = "SELECT count(*) FROM written_cells"
_WRITE = text(f"WITH {CELLS_SQL}, {LEDGER_SQL} {_DONE}")
_WRITE_AND_TELL = text(f"WITH {CELLS_SQL}, {LEDGER_SQL}, {_EVENTS_SQL} {_DONE}").bindparams(
    bindparam("merchant_id", type_=Uuid())
)


class CellMoved(RuntimeError):
    """A cell changed though it was locked: a bug, never a user's fault."""


class TooManyUnits(Conflict):
    """A cell holds at most 1,000,000 units."""

    code = "too_many_units"


@dataclass(slots=True)
class Balance:
    """What a cell holds, in units, and its running number."""

    on_hand: int
    held: int
    used: int
    seq: int

    @property
    def available(self) -> int:
        """What others can buy; negative where backorders or a count promised more than there is."""
        return self.on_hand - self.held


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one cell, in units, and why."""

    cell: CellKey
    reason: Reason
    on_hand: int = 0
    held: int = 0
    used: int = 0
    comment: str | None = None
    order_id: UUID | None = None
    hold_id: UUID | None = None
    hold_back: int = 0  # units of the hold that have gone back after it


@dataclass(slots=True)
class Book:
    """Balances of locked cells, and the changes made to them in this transaction."""

    merchant_id: UUID
    balances: dict[CellKey, Balance]
    rows: list[dict[str, Any]] = field(default_factory=list)
    read_seqs: dict[CellKey, int] = field(default_factory=dict)

    def available(self, cells: Iterable[CellKey] | None = None) -> dict[CellKey, int]:
        """What others can buy of each cell, or of some that the book knows."""
        return {cell: self.balances[cell].available for cell in (self.balances if cells is None else cells)}

    def owing(self) -> set[UUID]:
        """The products that promised in some cell more than lies there; of the cells that the book knows."""
        return {cell[0] for cell, balance in self.balances.items() if balance.available < 0}

    def copy(self) -> Self:
        """The same book once more: what is entered into one is not in the other."""
        balances = {cell: replace(balance) for cell, balance in self.balances.items()}
        return type(self)(self.merchant_id, balances, list(self.rows), dict(self.read_seqs))

    def change(self, change: Change, actor: Actor | Mapping[str, str]) -> Balance:
        """Enter a change; raises TooManyUnits for units added by hand. Figures never go below 0 (a CHECK)."""
        balance = self.balances[change.cell]
        self.read_seqs.setdefault(change.cell, balance.seq)
        balance.on_hand += change.on_hand
        balance.held += change.held
        balance.used += change.used
        balance.seq += 1
        is_by_hand = change.hold_id is None  # what an order gives back always finds room, or it could never end
        if is_by_hand and change.on_hand > 0 and balance.on_hand > LARGEST_QUANTITY:
            raise TooManyUnits
        stamp = actor.stamp() if isinstance(actor, Actor) else dict(actor)
        self.rows.append(_row(change, balance, stamp))
        return balance

    def check_room(self, wanted: Iterable[tuple[CellKey, int]]) -> None:
        """Check, before anything is entered, that units can be held on top; raises TooManyUnits."""
        more: dict[CellKey, int] = {}
        for cell, units in wanted:
            more[cell] = more.get(cell, 0) + units
        if any(self.balances[cell].held + units > LARGEST_QUANTITY for cell, units in more.items()):
            raise TooManyUnits

    def parameters(self) -> dict[str, Any]:
        """What CELLS_SQL and LEDGER_SQL take."""
        cells = [_cell(key, self.balances[key], read) for key, read in self.read_seqs.items()]
        return {"merchant_id": self.merchant_id, "cells": json.dumps(cells), "ledger": json.dumps(self.rows)}

    def events(self) -> list[dict[str, Any]]:
        """The rows of events that belong to the changes: at most one, `stock.changed`, for all products together.

        It names the products of which more or fewer are available at a location, as a web shop may be fed by some of
        them only: what changes its grade there, is settled, or comes and goes in the same book, is no change.
        """
        more: Counter[tuple[str, str]] = Counter()
        for row in self.rows:
            more[row["product_id"], row["location_id"]] += row["on_hand_change"] - row["held_change"]
        changed = sorted({product_id for (product_id, _), units in more.items() if units})
        if not changed:
            return []
        return [Happening(self.merchant_id, STOCK_CHANGED, None, {"product_ids": changed}).values()]

    def write(self) -> None:
        """Write all changes, and the event of what they change for others, in one statement."""
        if not self.rows:
            return
        events, given = self.events(), self.parameters()
        if events:
            written = session().execute(_WRITE_AND_TELL, given | {"events": array(events)}).scalar_one()
        else:
            written = session().execute(_WRITE, given).scalar_one()
        self.check(written)

    def check(self, written: int) -> None:
        """Compare the number of cells written with what was changed, and forget the changes."""
        if written != len(self.read_seqs):
            raise CellMoved(f"{written} of {len(self.read_seqs)} cells written")
        self.rows, self.read_seqs = [], {}


def _cell(key: CellKey, balance: Balance, read: int) -> dict[str, Any]:
    return _place(key) | {
        "on_hand": balance.on_hand,
        "held": balance.held,
        "used": balance.used,
        "seq": balance.seq,
        "read_seq": read,
    }


def _row(change: Change, balance: Balance, stamp: Mapping[str, str]) -> dict[str, Any]:
    return _place(change.cell) | {
        "id": str(new_id()),
        "seq": balance.seq,
        "on_hand_change": change.on_hand,
        "held_change": change.held,
        "used_change": change.used,
        "on_hand": balance.on_hand,
        "held": balance.held,
        "used": balance.used,
        "reason": change.reason.value,
        "comment": change.comment,
        "actor": stamp,
        "order_id": None if change.order_id is None else str(change.order_id),
        "hold_id": None if change.hold_id is None else str(change.hold_id),
        "happened_at": clock.now().isoformat(),
        "hold_back": change.hold_back,
    }


def _place(key: CellKey) -> dict[str, Any]:
    return {"product_id": str(key[0]), "location_id": str(key[1]), "grade_id": str(key[2])}
