"""What a row of the ledger says, as a person would say it; pure."""

from merchant_api.core.schema import rfc3339
from merchant_api.core.sentences.sentence import Sentence, say, say_all
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.sessions.chain import Chain, Figures, Held, Promoted, Start, Summed
from merchant_api.stock.sessions.why import why
from merchant_api.stock.states import Reason

# Said of units that came (+) or went (-), where the reason is used as it is meant; else the reason itself is told.
_BY_HAND = {
    (Reason.OPENING, 1): "ledger.opening_more",
    (Reason.RECEIVED, 1): "ledger.received_more",
    (Reason.RETURNED, 1): "ledger.returned_more",
    (Reason.DAMAGED, -1): "ledger.damaged_fewer",
    (Reason.LOST, -1): "ledger.lost_fewer",
    (Reason.TRANSFER, 1): "ledger.transfer_more",
    (Reason.TRANSFER, -1): "ledger.transfer_fewer",
    (Reason.REGRADE, 1): "ledger.regrade_more",
    (Reason.REGRADE, -1): "ledger.regrade_fewer",
    (Reason.OTHER, 1): "ledger.other_more",
    (Reason.OTHER, -1): "ledger.other_fewer",
}


def of_row(row: LedgerRow, order: str, promoted: Promoted | None) -> Sentence:
    """A row as a sentence; `order` is its order's code ("8FXT2G"), `promoted` is what a promotion went by."""
    match row.reason:
        case Reason.HELD:
            return say("ledger.held", units=row.held_change, order=order)
        case Reason.RELEASED:
            return say("ledger.released", units=-row.held_change, order=order)
        case Reason.SOLD:
            return say("ledger.sold", units=-row.on_hand_change, order=order)
        case Reason.CANCELLED:
            return say("ledger.cancelled", units=row.on_hand_change, order=order)
        case Reason.PROMOTION if promoted is not None:
            said = _promotion(row, promoted)
        case _:
            said = _by_hand(row)
    who = row.actor["name"]
    if row.comment is None:
        return say("ledger.done_by", said=said, who=who)
    return say("ledger.done_by_with_comment", said=said, comment=row.comment, who=who)


def of_start(start: Start) -> Sentence:
    """Where a chain begins."""
    if start.session_id is None or start.closed_at is None:
        return say("figures.begins")
    there, at = _there(start.figures), rfc3339(start.closed_at)
    return say("figures.left_by", there=there, session=str(start.session_id), at=at)


def of_sum(earlier: Summed) -> Sentence:
    """Rows that are not shown one by one."""
    changes = {
        "figures.on_hand_change": earlier.on_hand_change,
        "figures.held_change": earlier.held_change,
        "figures.used_change": earlier.used_change,
    }
    said = [say(code, change=change) for code, change in changes.items() if change]
    told = say_all(said or [say("figures.no_change")])
    return say("figures.earlier", rows=earlier.rows, reason=_word(earlier.reason), changes=told)


def of_hold(held: Held, order: str) -> Sentence:
    """Units that are promised; `order` is the code of the order that holds them."""
    code = "figures.hold_confirmed" if held.is_confirmed else "figures.hold_not_confirmed"
    return say(code, units=held.quantity, order=order)


def of_cell(chain: Chain) -> Sentence:
    """Why a cell's figure is what it is."""
    said = of_figures(chain.now)
    return said if chain.units == 0 else say("figures.by_holds", said=said, holds=chain.holds)


def of_figures(now: Figures) -> Sentence:
    """Figures as a sum."""
    if now.available >= 0:
        return say("figures.available", available=now.available, there=_there(now))
    return say("figures.owed", owed=-now.available, there=_there(now))


def _there(now: Figures) -> Sentence:
    return say("figures.there", on_hand=now.on_hand, held=now.held)


def _promotion(row: LedgerRow, promoted: Promoted) -> Sentence:
    before = row.on_hand - row.on_hand_change
    session = str(promoted.session_id)
    return say("ledger.promotion", session=session, why=why(promoted), before=before, after=row.on_hand)


def _by_hand(row: LedgerRow) -> Sentence:
    change, before, after = row.on_hand_change, row.on_hand - row.on_hand_change, row.on_hand
    if change == 0 and row.held_change != 0:
        return say("ledger.held_corrected", change=row.held_change)
    if row.reason is Reason.COUNT:
        return _counted(change, before, after)
    if change == 0:
        return say("ledger.unchanged", reason=_word(row.reason), after=after)
    if row.reason in (Reason.CORRECTION, Reason.CHANNEL_IMPORT):
        return say("ledger.became", reason=_word(row.reason), before=before, after=after)
    code = _BY_HAND.get((row.reason, 1 if change > 0 else -1))
    if code is not None:
        return say(code, units=abs(change))
    return say("ledger.more" if change > 0 else "ledger.fewer", reason=_word(row.reason), units=abs(change))


def _counted(change: int, before: int, after: int) -> Sentence:
    if change == 0:
        return say("ledger.as_counted", after=after)
    code = "ledger.counted_more" if change > 0 else "ledger.counted_fewer"
    return say(code, after=after, units=abs(change), before=before)


def _word(reason: Reason) -> Sentence:
    return say(f"reason.{reason.value}")
