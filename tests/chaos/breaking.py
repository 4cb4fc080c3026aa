"""Faults are injected between the orders, and every one is noted with its instant.

A batch of orders is let in for each fault, which comes when so many of them are done; the next batch waits until some
seconds have passed, for one process that is killed again and again would be given up by `up`, and rightly.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.chaos.clients import Gate
from tests.chaos.history import History
from tests.chaos.house import House
from tests.chaos.plan import Fault, Harm, Victim

FROZEN_S = 15.0
LOGS_FULL_S = 12.0
APART_S = 4.0
STRAGGLERS = 8  # of a batch, for which the next one does not wait
LONGEST_BATCH_S = STARTED_WITHIN_S = 60.0
DATABASE_AWAY_S = (0.3, 2.0)


@dataclass(frozen=True, slots=True)
class Noted:
    """A fault that was injected: when, and what in words."""

    at: float
    words: str

    def __str__(self) -> str:
        return f"{self.at:7.1f} s  {self.words}"


@dataclass
class Breaking:
    """Injects faults into a house, and ends those that last."""

    house: House
    history: History
    chance: random.Random
    noted: list[Noted] = field(default_factory=list)
    done: dict[Harm, int] = field(default_factory=dict)
    _endings: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def go(self, gate: Gate, faults: Sequence[Fault], last: int) -> None:
        """All faults, and all errands let in."""
        for number, fault in enumerate(faults):
            before, after = (last * each // (len(faults) + 1) for each in (number, number + 1))
            gate.open_to(after)
            self._wait_until_done(gate, round(before + fault.at * (after - before)))
            at = self.history.now()
            self._inject(fault)
            self._wait_until_done(
                gate, after - STRAGGLERS
            )  # what waits for somebody who is frozen holds up nobody else
            self._wait_until(at + APART_S)
        gate.open_to(last)

    def end(self) -> None:
        """Wait until the faults that last are over, and everything runs."""
        self.wait(lambda: not self._endings, max(FROZEN_S, LOGS_FULL_S) + 5)
        self.house.wait(self.house.is_ready, LONGEST_BATCH_S, "the API was not ready again")

    def wait(self, is_over: Callable[[], object], within_s: float, otherwise: str = "") -> bool:
        """Go on looking after everything meanwhile; gives whether it was over in time, as the house does."""

        def look() -> object:
            self._end_what_lasted()
            return is_over()

        return self.house.wait(look, within_s, otherwise)

    def _wait_until_done(self, gate: Gate, number: int) -> None:
        self.wait(lambda: gate.done >= number, LONGEST_BATCH_S)

    def _wait_until(self, instant: float) -> None:
        self.wait(lambda: self.history.now() >= instant, max(0.0, instant - self.history.now()) + 1)

    def _end_what_lasted(self) -> None:
        now = self.history.now()
        for ending in [each for each in self._endings if each[0] <= now]:
            self._endings.remove(ending)
            ending[1]()

    def _inject(self, fault: Fault) -> None:
        if fault.victim is not None:
            self._strike(fault, fault.victim)
        elif fault.harm is Harm.FILL_LOGS:
            most = self.house.fill_logs()
            self._endings.append((self.history.now() + LOGS_FULL_S, self._empty_logs))
            self._note(fault, f"no log grows beyond {most:,} bytes, for {LOGS_FULL_S:.0f} s")
        else:
            self._stop_database(fault)

    def _strike(self, fault: Fault, victim: Victim) -> None:
        self.wait(lambda: self.house.find(victim), STARTED_WITHIN_S, f"there is not {victim}")
        pid = self.house.find(victim)
        if pid is None:  # it ended by itself meanwhile, and what did not happen is said at the end
            return
        if fault.harm is Harm.KILL:
            self.house.kill(pid)
            self._note(fault, f"{victim} ({pid})")
        else:
            self.house.freeze(pid)
            self._endings.append((self.history.now() + FROZEN_S, lambda: self._thaw(pid)))
            self._note(fault, f"{victim} ({pid}), for {FROZEN_S:.0f} s")

    def _stop_database(self, fault: Fault) -> None:
        away_s = self.chance.uniform(*DATABASE_AWAY_S)
        until = self.history.now() + away_s
        self.house.server.crash()
        self._note(fault, f"pg_ctl stop -m immediate, for {away_s:.1f} s")
        self._wait_until(until)
        self.house.server.recover()
        self._also("PostgreSQL runs again")

    def _thaw(self, pid: int) -> None:
        self.house.thaw(pid)
        self._also(f"{pid} is thawed")

    def _empty_logs(self) -> None:
        self.house.empty_logs()
        self._also("the logs have room again")

    def _note(self, fault: Fault, words: str) -> None:
        self.done[fault.harm] = self.done.get(fault.harm, 0) + 1
        self._also(f"{fault.harm}: {words}")

    def _also(self, words: str) -> None:
        self.noted.append(Noted(self.history.now(), words))
