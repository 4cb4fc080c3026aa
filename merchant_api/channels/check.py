"""Ask a channel's shop, while somebody waits, whether it lets us in and what we may do there.

Three steps: a transaction that reads the row, the calls without one, a transaction that records what came of them. All
calls end within `WITHIN_S`, so that the answer comes within the ten seconds of every request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from merchant_api.accounts.merchants import find_merchant
from merchant_api.channels import acceptable, dial, find, standing
from merchant_api.channels.connector import Checked, ShopAccess, WebShop
from merchant_api.channels.faults import ShopDenies, ShopFault
from merchant_api.channels.models import Channel
from merchant_api.channels.signing import EventOrder, event_order
from merchant_api.channels.states import ChannelKind
from merchant_api.channels.told import readable, readable_or_none
from merchant_api.core.db import in_transaction
from merchant_api.core.seal import Unsealable

WITHIN_S = 6.0
Lock = tuple[str, bytes | None]
EVENTS = "events"
LONGEST_WHY = 2_000


@dataclass(frozen=True, slots=True)
class Door:
    """What a shop is asked with, as it was read; `events` where they can be ordered."""

    kind: ChannelKind
    access: ShopAccess
    events: EventOrder | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of it; `can` are levels, orders, items, events."""

    is_ok: bool
    account: str | None = None
    location: str | None = None
    can: Sequence[str] = ()
    why: str | None = None


def door(merchant_id: UUID, channel_id: UUID) -> tuple[Door | ShopFault, Lock]:
    """What the shop is asked with, and what it is known again by; a fault where no key opens the credentials.

    Raises NotFound.
    """
    row = find.locked(merchant_id, channel_id)
    acceptable.connector(row.kind)
    try:
        access = dial.access_of(row, find_merchant(merchant_id).currency)
        return Door(row.kind, access, event_order(row)), _lock(row)
    except Unsealable:
        return ShopDenies("No key of this installation opens the credentials: give them again."), _lock(row)


def check(merchant_id: UUID, channel_id: UUID) -> CheckResult:
    """Check a channel, whatever its shop answers; opens its own transactions. Raises NotFound."""
    found, lock = in_transaction(lambda: door(merchant_id, channel_id))
    told = found if isinstance(found, ShopFault) else _ask(found)
    return in_transaction(lambda: _record(merchant_id, channel_id, told, lock))


def _ask(found: Door) -> CheckResult | ShopFault:
    try:
        shop = dial.asked(lambda: dial.open_shop(found.kind, found.access, WITHIN_S))
        result = dial.asked(lambda: _judged(shop.check(), found.access.currency))
    except ShopFault as fault:
        return fault
    return _listen(shop, found.events, result) if found.events and EVENTS in result.can else result


def _judged(checked: Checked, currency: str) -> CheckResult:
    problems = list(checked.problems)
    if checked.currency not in (None, currency):
        problems.append(f"The shop sells in {checked.currency}, this merchant in {currency}: both must be the same.")
    return CheckResult(
        is_ok=not problems,
        account=readable_or_none(checked.account),
        location=readable_or_none(checked.location),
        can=sorted(checked.can),
        why=readable_or_none(" ".join(problems), LONGEST_WHY),
    )


def _listen(shop: WebShop, events: EventOrder, result: CheckResult) -> CheckResult:
    """Order the shop's events. Where it takes no such order its orders are still asked for, so the rest holds."""
    try:
        dial.asked(lambda: shop.listen(events.url, events.secret))
    except ShopFault as fault:
        can = [each for each in result.can if each != EVENTS]
        why = " ".join(filter(None, (result.why, f"The shop does not send its events: {fault}")))
        return CheckResult(result.is_ok, result.account, result.location, can, readable_or_none(why, LONGEST_WHY))
    return result


def _record(merchant_id: UUID, channel_id: UUID, told: CheckResult | ShopFault, lock: Lock) -> CheckResult:
    row = find.locked(merchant_id, channel_id)
    is_the_same = _lock(row) == lock  # else it has other credentials meanwhile, and this says nothing of it
    if isinstance(told, ShopFault):
        if is_the_same:
            standing.not_reached(row, told)
        return CheckResult(is_ok=False, why=readable(str(told)))
    if is_the_same:
        standing.reached(row, told.why)
    return told


def _lock(row: Channel) -> Lock:
    return row.address, row.sealed_credentials
