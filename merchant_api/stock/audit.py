"""The audit: proves ledger = cells = holds = sessions for a merchant; tells of each difference what to do about it.

Each merchant is read on one REPEATABLE READ snapshot of its own, so sales may go on meanwhile. Nothing is repaired
here: which side is right is for a person to decide, with the documents that are named.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text

from merchant_api.accounts.merchants import every_merchant
from merchant_api.catalog.models import Product
from merchant_api.core.db import session
from merchant_api.core.tenancy import of_merchant
from merchant_api.stock import places, proof
from merchant_api.stock import session_proof as sessions
from merchant_api.stock.report import AuditReport, Difference

Words = Callable[[Row[Any]], tuple[str, str]]
_BALANCES = ("on_hand", "held", "used")
_FIGURES = (*_BALANCES, "seq")


def audit_all() -> Iterator[AuditReport]:
    """The audit of every merchant, one after the other; ends whatever transaction the session has open."""
    for merchant_id in every_merchant():
        yield audit(merchant_id)


def audit(merchant_id: UUID) -> AuditReport:
    """The audit of one merchant on one snapshot; ends whatever transaction the session has open."""
    session().rollback()
    with of_merchant(merchant_id):
        return _audited(merchant_id)


def _audited(merchant_id: UUID) -> AuditReport:
    session().connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
    try:
        session().execute(text("SET LOCAL statement_timeout = 0"))  # a long ledger takes as long as it takes
        return _report(merchant_id)
    finally:
        session().rollback()


def _report(merchant_id: UUID) -> AuditReport:
    findings: tuple[tuple[proof.Found, Words], ...] = (
        (proof.cells(merchant_id), _about_cell),
        (proof.entries(merchant_id), _about_entry),
        (proof.holds(merchant_id), _about_hold),
        (sessions.snapshots(merchant_id), _about_snapshot),
        (sessions.live(merchant_id), _about_live),
        (sessions.counted(merchant_id), _about_count),
    )
    differences = [
        Difference(_where(merchant_id, row), *_worded(words(row), proof.documents(merchant_id, row)))
        for rows, words in findings
        for row in rows
    ]
    looked = proof.size(merchant_id)
    return AuditReport(merchant_id, looked.cells, looked.entries, looked.holds, tuple(differences))


def _worded(words: tuple[str, str], documents: tuple[str, ...]) -> tuple[str, tuple[str, ...], str]:
    what, compensation = words
    return what, documents, compensation


def _where(merchant_id: UUID, row: Row[Any]) -> str:
    product = select(Product.sku).where(Product.merchant_id == merchant_id, Product.id == row.product_id)
    named = places.names(merchant_id)
    sku = session().execute(product).scalar_one()
    return f"{sku} at {named[row.location_id]}, grade {named[row.grade_id]}"


def _about_cell(row: Row[Any]) -> tuple[str, str]:
    """The ledger says what the figures are; the open holds say what is held."""
    wrong = [name for name in _FIGURES if getattr(row, name) != getattr(row, f"told_{name}")]
    parts = [f"{name} is {getattr(row, name)}, its ledger says {getattr(row, f'told_{name}')}" for name in wrong]
    todo = []
    if wrong:
        figures = ", ".join(f"{name} {getattr(row, f'told_{name}')}" for name in _FIGURES)
        todo.append(f"set the cell to {figures}, as its ledger says, and count the product")
    if row.held != row.promised:
        parts.append(f"held is {row.held}, its open holds add up to {row.promised}")
    if row.told_held != row.promised:
        change = row.promised - row.told_held
        todo.append(f"enter a correction of held {change:+d}, as its open holds say")
    return "; ".join(parts), "; ".join(todo)


def _about_entry(row: Row[Any]) -> tuple[str, str]:
    if row.seq != row.right_seq:
        missing = f"{row.right_seq} to {row.seq - 1}"
        return f"ledger rows {missing} are missing before {row.id}", f"bring rows {missing} back from a backup"
    wrong = [name for name in _FIGURES if getattr(row, name) != getattr(row, f"right_{name}")]
    told = "; ".join(f"{name} {getattr(row, name)} instead of {getattr(row, f'right_{name}')}" for name in wrong)
    changes = ", ".join(f"{name} {getattr(row, name) - getattr(row, f'right_{name}'):+d}" for name in wrong)
    return (
        f"ledger row {row.id} (seq {row.seq}, {row.reason}, order {row.order_id}) goes on with {told}",
        f"bring the row back from a backup; if its balances are right, its changes lack {changes}",
    )


def _about_hold(row: Row[Any]) -> tuple[str, str]:
    state = "unknown" if row.state is None else f"{row.state}, {row.quantity} units"
    change = f"held {row.held - row.told_held:+d}, used {row.used - row.told_used:+d}"
    stands = f"hold {row.hold_id} of order {row.order_id} ({state}) stands for held {row.held}, used {row.used}"
    return (
        f"{stands}; its ledger rows say held {row.told_held}, used {row.told_used}",
        f"enter a correction of {change} that names the hold",
    )


def _about_snapshot(row: Row[Any]) -> tuple[str, str]:
    told = ", ".join(f"{name} {getattr(row, f'told_{name}')}" for name in _BALANCES)
    parts = "; ".join(_differing(row))
    return (
        f"the snapshot of session {row.session_id} says {parts} at ledger row {row.seq}",
        f"bring the snapshot back from a backup; by the ledger it is {told}",
    )


def _about_live(row: Row[Any]) -> tuple[str, str]:
    parts = "; ".join(_differing(row))
    return (
        f"{parts} by the snapshot of session {row.session_id} and the ledger since",
        "see what is told of its ledger and of the snapshot, and count the product",
    )


def _about_count(row: Row[Any]) -> tuple[str, str]:
    said, told = ("nothing" if units is None else str(units) for units in (row.quantity, row.told))
    return (
        f"{said} is counted in session {row.session_id}, the last row of its log ({row.count_id}) says {told}",
        "count it again while the session is staged",
    )


def _differing(row: Row[Any]) -> list[str]:
    return [
        f"{name} {getattr(row, name)} instead of {getattr(row, f'told_{name}')}"
        for name in _BALANCES
        if getattr(row, name) != getattr(row, f"told_{name}")
    ]
