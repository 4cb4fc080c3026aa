"""The properties: each compares what clients and phones saw with what the database says, and has one line.

The life of an order stands here once more, written from the design and not read from the product.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.chaos.facts import Facts
from tests.chaos.history import Call, End

ANSWERED_WITHIN_S = 10.0
OUR_OWN_S = 1.0  # what a busy machine may add between a client's clock and the server's
TOLD_WITHIN_S = 60.0
NEXT = {
    "requested": {"awaiting_payment", "confirmed", "declined", "expired", "cancelled"},
    "awaiting_payment": {"confirmed", "cancelled"},
    "confirmed": {"picked_up", "delivered", "cancelled"},
    "picked_up": {"delivered", "cancelled"},
}
STEP_OF = {"place": "place", "accept": "accept", "decline": "decline", "cancel": "cancel"}
EXPECTED = {(409, "insufficient_stock"), (409, "idempotency_key_in_use"), (401, "unauthenticated")}


@dataclass(frozen=True, slots=True)
class Property:
    """What has to hold, with its figure, and every case in which it did not."""

    name: str
    figure: str
    wrong: Sequence[str] = field(default_factory=list)

    def lines(self) -> Iterable[str]:
        """For people: the verdict, and the first cases."""
        yield f"{'FAILED' if self.wrong else 'ok':6}  {self.name}: {self.figure}"
        yield from (f"          {each}" for each in self.wrong[:5])
        if len(self.wrong) > 5:
            yield f"          and {len(self.wrong) - 5} more"


def nothing_lost(calls: Sequence[Call], facts: Facts) -> Property:
    """Every order that was acknowledged is there, in the state acknowledged or one that can follow."""
    acknowledged = [call for call in calls if call.end is End.OK]
    wrong = []
    for call in acknowledged:
        order = facts.orders.get(call.order)
        if order is None:
            wrong.append(f"{call.key}: order {call.order} is not there")
        elif order.state != call.state and order.state not in _after(call.state):
            wrong.append(f"{call.key}: order {call.order} was {call.state} and is {order.state}")
    wrong += [
        f"order {each.id} went {each.moves}" for each in facts.orders.values() if not _is_path(each.moves, each.state)
    ]
    orders = {call.order for call in acknowledged}
    return Property("0 lost", f"{len(acknowledged):,} answers about {len(orders):,} orders, {len(wrong)} lost", wrong)


def nothing_twice(calls: Sequence[Call], facts: Facts) -> Property:
    """One effect for a key that was acknowledged, at most one for any other, and the same answer every time."""
    by_key: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        by_key[call.key].append(call)
    placed, wrong = facts.by_note, []
    for key, tries in by_key.items():
        good = [call for call in tries if call.end is End.OK]
        effects = _effects(tries[0], good, placed.get(key, []), facts)
        if effects > 1 or (good and effects != 1):
            wrong.append(f"{key}: {effects} effects, {len(good)} good answers")
        if len({(call.order, call.digest) for call in good}) > 1:
            wrong.append(f"{key}: answered in {len({call.digest for call in good})} ways")
    wrong += [f"order {each.id} is no errand's" for each in facts.orders.values() if each.note not in by_key]
    replayed = sum(call.is_replayed for call in calls)
    unknown = len({call.key for call in calls if call.end is End.UNKNOWN})
    words = (
        f"{len(by_key):,} keys, {replayed:,} answers again, {unknown:,} keys once of unknown end, {len(wrong)} twice"
    )
    return Property("0 twice", words, wrong)


def sold_exactly(calls: Sequence[Call], facts: Facts, hot_keys: set[str], units: int) -> Property:
    """Of each hot product all its units were sold, by the cells, by the orders, and by what clients were told."""
    told = {call.key for call in calls if call.end is End.OK and call.step == "place"} & hot_keys
    wrong = [
        f"{sku}: {by_cells} by its cell, {by_orders} by its orders, of {units}"
        for sku, (by_cells, by_orders) in facts.sold.items()
        if {by_cells, by_orders} != {units}
    ]
    wanted, sold = units * len(facts.sold), sum(by_orders for _, by_orders in facts.sold.values())
    if len(told) != wanted:
        wrong.append(f"clients were told of {len(told):,}")
    words = f"{sold:,} of {wanted:,} units of {len(facts.sold)} products in {len(hot_keys):,} attempts"
    return Property("no oversell, no undersell", words, wrong)


def books_even(facts: Facts, audit: tuple[int, str]) -> Property:
    """Ledger = cells = holds, orders and payments, by statements of our own and by `orderbell audit`."""
    wrong = [f"{name}: {line}" for name, lines in facts.uneven.items() for line in lines]
    if audit[0]:
        wrong += ["orderbell audit: " + line for line in audit[1].splitlines()]
    return Property(
        "books even", f"{len(facts.uneven)} statements and `orderbell audit`, {len(wrong)} differences", wrong
    )


def answers_in_time(calls: Sequence[Call]) -> Property:
    """Every answer came in time, and no call stayed without any, nor was asked again for ever."""
    most = ANSWERED_WITHIN_S + OUR_OWN_S
    wrong = [
        f"{call.key} at {call.sent_at:.1f} s: {call.seconds:.1f} s, {call.end}" for call in calls if call.seconds > most
    ]
    wrong += [f"{call.key}: given up at {call.ended_at:.1f} s" for call in calls if call.end is End.GIVEN_UP]
    waits = sorted(call.seconds for call in calls if call.status)
    middle, longest = (waits[len(waits) // 2], waits[-1]) if waits else (0.0, 0.0)
    words = f"{len(waits):,} answers, p50 {middle * 1000:.0f} ms, longest {longest:.1f} s"
    return Property(f"every answer within {ANSWERED_WITHIN_S:.0f} s", words, wrong)


def no_surprise(calls: Sequence[Call]) -> Property:
    """No 500; 503 says when to ask again; nothing else is refused than what is sold out or under way."""
    counted = Counter((call.status, call.code) for call in calls if call.status)
    wrong = [
        f"{call.key} at {call.sent_at:.1f} s: {call.status} {call.code}"
        for call in calls
        if call.status >= 400
        and not (call.status == 503 and call.has_retry_after)
        and (call.status, call.code) not in EXPECTED
    ]
    words = ", ".join(f"{times:,} × {status} {code}".strip() for (status, code), times in sorted(counted.items()))
    return Property("no 500", words, wrong)


def everybody_told(told_after_s: float | None, facts: Facts) -> Property:
    """Nothing waits any more, nothing was given up, and what never set out was overtaken."""
    good = {"event done", "delivery sent", "delivery expired", "delivery overtaken"}
    wrong = [f"{times} × {end}" for end, times in facts.ends.items() if end not in good]
    wrong += facts.never_sent
    if told_after_s is None or told_after_s > TOLD_WITHIN_S:
        wrong.append("not in time" if told_after_s is None else f"in {told_after_s:.1f} s")
    words = "never" if told_after_s is None else f"{told_after_s:.1f} s after the last order, when everything ran again"
    ends = ", ".join(f"{times:,} × {end}" for end, times in facts.ends.items())
    return Property(f"everybody told within {TOLD_WITHIN_S:.0f} s", f"{words}; {ends}", wrong)


def phones_rang(due: Mapping[tuple[str, str], str], seen: Counter[tuple[str, str]]) -> Property:
    """Whoever had to hear of an order did: `due` names phone and order, and why; `seen` counts what phones took."""
    wrong = [
        f"{why}: nobody told {phone[-12:]} of order {order}"
        for (phone, order), why in due.items()
        if not seen[phone, order]
    ]
    return Property(
        "phones rang", f"{len(due):,} had to, {len(wrong)} did not; {seen.total():,} pushes were taken", wrong
    )


def _effects(first: Call, good: Sequence[Call], placed: Sequence[object], facts: Facts) -> int:
    if first.step == "place":
        return len(placed)
    if first.step == "payments":
        return facts.payments[first.key.removesuffix("-payments")]
    orders = facts.by_note.get(first.key.removesuffix(f"-{first.step}"), [])
    return sum(step == STEP_OF[first.step] for order in orders for step, _ in order.moves)


def _after(state: str) -> set[str]:
    reached = set(NEXT.get(state, ()))
    return reached.union(*(_after(each) for each in NEXT.get(state, ())))


def _is_path(moves: Sequence[tuple[str, str]], state: str) -> bool:
    states = [entered for _, entered in moves]
    steps = pairwise(states)
    return bool(states) and states[-1] == state and all(a == b or b in NEXT.get(a, ()) for a, b in steps)
