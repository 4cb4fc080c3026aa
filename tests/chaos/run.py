"""One run: everything is brought up, orders and faults go side by side, and when all is over the questions are asked.

Whatever ends it, Ctrl-C too, ends all that it started and removes its folder.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import psycopg

from tests.chaos import facts, verdicts
from tests.chaos.breaking import Breaking, Noted
from tests.chaos.clients import Clients
from tests.chaos.history import Call, End, History
from tests.chaos.house import House, durable_server
from tests.chaos.plan import Answer, Errand, Fault, Kind, Size, errands, faults
from tests.chaos.shop import PASSWORD, STAFF, Market
from tests.chaos.verdicts import Property
from tests.fakes.push_receiver import PushReceiver

ORDERS_WITHIN_S = 900.0
WAITED_FOR_S = 180.0  # to say how long it took where it took too long
STAFF_PASSWORD = "ORDERBELL_STAFF_PASSWORD"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run."""

    noted: Sequence[Noted]
    properties: Sequence[Property]

    @property
    def is_good(self) -> bool:
        """Whether everything held."""
        return not any(each.wrong for each in self.properties)


def run(size: Size, seed: int, kept: Path | None) -> Outcome:
    """A run; `kept` is where history and logs are left, if anywhere."""
    with (
        durable_server() as server,
        tempfile.TemporaryDirectory(prefix="orderbell-chaos-") as name,
        PushReceiver() as phones,
        History(Path(name) / "history.jsonl") as history,
    ):
        house = House(server, Path(name), phones.host)
        try:
            return _run(house, phones, history, Run(size, errands(size, seed), faults(size, seed), seed))
        finally:
            house.stop()
            if kept is not None:
                copytree(name, kept, dirs_exist_ok=True)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run was drawn to be."""

    size: Size
    errands: Sequence[Errand]
    faults: Sequence[Fault]
    seed: int


def _run(house: House, phones: PushReceiver, history: History, drawn: Run) -> Outcome:
    house.start()
    added = house.run("staff", "add", STAFF, "--name", "Sita", **{STAFF_PASSWORD: PASSWORD})
    if added.returncode:
        raise RuntimeError(added.stderr)
    market = Market(house.port, phones, drawn.size).open()
    breaking = Breaking(house, history, random.Random(f"breaking {drawn.seed}"))
    clients = Clients(market, house.port, drawn.errands, history)
    began = history.now()
    clients.start()
    try:
        breaking.go(clients.gate, drawn.faults, len(drawn.errands))
        breaking.wait(lambda: not clients.are_busy, ORDERS_WITHIN_S)
        breaking.end()
    finally:
        clients.gate.shut()
    took_s = history.now() - began
    told_after_s = _wait_until_told(house, breaking, history)
    found = facts.read(house.dsn)
    audit = house.run("audit")
    seen = Counter((each.endpoint, each.payload["data"].get("order_id", "")) for each in list(phones.received))
    calls = list(history.calls)
    hot = {each.key for each in drawn.errands if each.kind is Kind.HOT}
    properties = [
        took_hold(drawn, breaking, clients, took_s),
        verdicts.nothing_lost(calls, found),
        verdicts.nothing_twice(calls, found),
        verdicts.sold_exactly(calls, found, hot, drawn.size.hot_units),
        verdicts.books_even(found, (audit.returncode, audit.stdout + audit.stderr)),
        verdicts.answers_in_time(calls),
        verdicts.no_surprise(calls),
        verdicts.everybody_told(told_after_s, found),
        verdicts.phones_rang(due(drawn.errands, calls, market), seen),
    ]
    return Outcome(breaking.noted, properties)


def _wait_until_told(house: House, breaking: Breaking, history: History) -> float | None:
    begun = history.now()
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        is_quiet = breaking.wait(lambda: facts.is_quiet(connection), WAITED_FOR_S)
    return history.now() - begun if is_quiet else None


def took_hold(drawn: Run, breaking: Breaking, clients: Clients, took_s: float) -> Property:
    """All errands were run, and all faults injected: what did not happen proves nothing."""
    planned = Counter(fault.harm for fault in drawn.faults)
    missing = planned - Counter(breaking.done)
    wrong = [f"{times} × {harm} did not" for harm, times in missing.items()]
    wrong += [f"a client broke: {error!r}" for error in clients.broke]
    if clients.gate.done != len(drawn.errands):
        wrong.append(f"{clients.gate.done:,} orders of {len(drawn.errands):,} were seen to their end")
    done = ", ".join(f"{times} × {harm}" for harm, times in breaking.done.items())
    return Property("what was planned happened", f"{clients.gate.done:,} orders in {took_s:.0f} s; {done}", wrong)


def due(drawn: Sequence[Errand], calls: Sequence[Call], market: Market) -> Mapping[tuple[str, str], str]:
    """Which phones must have heard of which orders, and why."""
    orders = {call.errand: call.order for call in calls if call.end is End.OK and call.step == "place"}
    rings: dict[tuple[str, str], str] = {}
    for errand in drawn:
        order = orders.get(errand.number)
        if order is None:
            continue
        # A request that was answered before it could ring needs to ring no more; of all others the merchant hears.
        if errand.kind is not Kind.REQUEST or errand.then not in (Answer.ACCEPT, Answer.DECLINE):
            rings[market.shops[errand.merchant].endpoint, order] = f"{errand.kind}, {errand.then}, its merchant"
        if errand.customer is not None:
            rings[market.customers[errand.customer].endpoint, order] = f"{errand.kind}, {errand.then}, its customer"
    return rings
