"""What a row of the ledger says, as a person would say it; pure."""

from merchant_api.core.schema import rfc3339
from merchant_api.shop.preview import why
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.sessions.chain import Chain, Figures, Held, Promoted, Start, Summed
from merchant_api.stock.states import Reason

# Said of units that came (+) or went (-), where the reason is used as it is meant; else the reason itself is told.
_BY_HAND = {
    (Reason.OPENING, 1): "to begin with",
    (Reason.RECEIVED, 1): "received",
    (Reason.RETURNED, 1): "returned",
    (Reason.DAMAGED, -1): "damaged",
    (Reason.LOST, -1): "lost",
    (Reason.TRANSFER, 1): "moved here from another location",
    (Reason.TRANSFER, -1): "moved to another location",
    (Reason.REGRADE, 1): "came from another grade",
    (Reason.REGRADE, -1): "went to another grade",
    (Reason.OTHER, 1): "more",
    (Reason.OTHER, -1): "fewer",
}


def of_row(row: LedgerRow, order: str, promoted: Promoted | None) -> str:
    """A row as a sentence; `order` names its order ("order 8FXT2G"), `promoted` is what a promotion went by."""
    match row.reason:
        case Reason.HELD:
            return f"{row.held_change} held for {order}"
        case Reason.RELEASED:
            return f"{-row.held_change} no longer held for {order}"
        case Reason.SOLD:
            return f"{-row.on_hand_change} sold: taken out of stock for {order}"
        case Reason.CANCELLED:
            return f"{row.on_hand_change} back in stock from {order}"
        case Reason.PROMOTION if promoted is not None:
            before = row.on_hand - row.on_hand_change
            said = f"promotion of session {promoted.session_id}: {why(promoted)}, so {before} became {row.on_hand}"
        case _:
            said = _by_hand(row)
    said = said if row.comment is None else f"{said}: {row.comment}"
    return f"{said} ({row.actor['name']})"


def of_start(start: Start) -> str:
    """Where a chain begins."""
    if start.session_id is None or start.closed_at is None:
        return "nothing: the cell's ledger begins here"
    return f"{_figures(start.figures)}, as session {start.session_id} left it on {rfc3339(start.closed_at)}"


def of_sum(earlier: Summed) -> str:
    """Rows that are not shown one by one."""
    changes = {"on hand": earlier.on_hand_change, "held": earlier.held_change, "used": earlier.used_change}
    said = ", ".join(f"{name} {change:+d}" for name, change in changes.items() if change)
    return f"{earlier.rows} × {_word(earlier.reason)} before: {said or 'no change'}"


def of_hold(held: Held, order: str) -> str:
    """Units that are promised."""
    until = "confirmed: about to leave the stock" if held.is_confirmed else "not confirmed yet"
    return f"{held.quantity} held for {order} ({until})"


def of_cell(chain: Chain) -> str:
    """Why a cell's figure is what it is."""
    said = of_figures(chain.now)
    if chain.units == 0:
        return said
    return f"{said} by {chain.holds} open {'hold' if chain.holds == 1 else 'holds'}"


def of_figures(now: Figures) -> str:
    """Figures as a sum."""
    said = f"{now.available} available" if now.available >= 0 else f"{-now.available} owed"
    return f"{said}: {_figures(now)}"


def _figures(now: Figures) -> str:
    return f"{now.on_hand} on hand, {now.held} held"


def _by_hand(row: LedgerRow) -> str:
    change, before = row.on_hand_change, row.on_hand - row.on_hand_change
    if change == 0 and row.held_change != 0:
        return f"held corrected by {row.held_change:+d}"
    if row.reason is Reason.COUNT:
        return f"counted: {row.on_hand}, {_against(change, before)}"
    if change == 0:
        return f"{_word(row.reason)}: {row.on_hand} on hand, nothing changed"
    if row.reason in (Reason.CORRECTION, Reason.CHANNEL_IMPORT):
        return f"{_word(row.reason)}: {before} became {row.on_hand}"
    words = _BY_HAND.get((row.reason, 1 if change > 0 else -1))
    return f"{abs(change)} {words}" if words else f"{_word(row.reason)}: {_more(change)}"


def _against(change: int, before: int) -> str:
    return "as the books said" if change == 0 else f"{_more(change)} than the {before} of the books"


def _more(change: int) -> str:
    return f"{abs(change)} {'more' if change > 0 else 'fewer'}"


def _word(reason: Reason) -> str:
    return reason.value.replace("_", " ")
