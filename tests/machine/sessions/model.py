"""The half of the model that counts: live changes, the log of counts, and what a promotion makes of them.

Written from DESIGN.md 3 and not from the code. Beside the books it keeps the shelf itself: whoever counts right says
what lies there, and then a promotion has to leave as many units on the books as lie on the shelf and are not sold.
"""

from dataclasses import dataclass, field, replace

from tests.machine.sessions.things import Cell, Counted, Planned, Row
from tests.machine.sessions.trade import NOT_THERE, Trade


@dataclass
class Shop(Trade):
    """One merchant: what was traded, what is counted in the staged session, and what closed sessions left."""

    log: list[Row] = field(default_factory=list)
    earlier: list[Row] = field(default_factory=list)
    snapshots: list[dict] = field(default_factory=list)

    def enter(self, key, units):
        super().enter(key, units)
        if not self.log:
            self.received.discard(key)  # only what comes in after the first count is spared

    def receive(self, key, units):
        """Units are brought and entered."""
        self.enter(key, units)
        self.cell(key).shelf += units
        return "ok"

    def lose(self, key, units):
        """Units are taken away and entered."""
        if self.cells.get(key, Cell()).on_hand < units:
            return "below_zero"
        if self.cells[key].shelf < units:
            return NOT_THERE
        self.enter(key, -units)
        self.cells[key].shelf -= units
        return "ok"

    def stray(self, key, units):
        """Units come or go and nobody enters it."""
        if key not in self.cells:
            return
        cell = self.cells[key]
        cell.shelf = max(cell.shelf + units, 0)
        self._slipped(key)

    def correct(self, key, total):
        """Somebody enters a total, and nothing moves."""
        self.enter(key, total - self.cell(key).on_hand)
        self._slipped(key)
        return "ok"

    def _slipped(self, key):
        cell = self.cells[key]
        cell.slips += 1
        cell.is_true = cell.on_hand == self.due(key)

    def transfer(self, source, target, units):
        if source == target:
            return "same_place"
        if self.cells.get(source, Cell()).available < units:
            return "insufficient_stock"
        if self.cells[source].shelf < units:
            return NOT_THERE
        for key, change in ((source, -units), (target, units)):
            self.enter(key, change)
            self.cell(key).shelf += change
        return "ok"

    def count(self, key, missed, moved):
        """Say what lies there, but for some units; gives what is said."""
        units = max(self.cell(key).shelf + missed, 0)
        self.log.append(Row("count", key, replace(self._look(key), units=units, moved=moved)))
        return units

    def _look(self, key):
        cell = self.cell(key)
        return Counted(cell.on_hand, self.unpicked(key), cell.on_hand, None, self.due(key), cell.slips)

    def change(self, key, units):
        """On what is counted, or else on the live figure, from which sold units are gone already."""
        base = self.staged(key) or replace(self._look_or_nothing(key), unpicked=0)
        if base.units + units < 0:
            return "below_zero"
        self.cell(key)
        self.log.append(Row("change", key, base, units))
        return "ok"

    def _look_or_nothing(self, key):
        return self._look(key) if key in self.cells else Counted(0, 0, 0, None, 0, 0)

    def withdraw(self, row):
        if row.kind == "withdrawal" or row in self.earlier:
            return "not_found"
        if row.is_withdrawn:
            return "already_withdrawn"
        row.is_withdrawn = True
        if not self._stands(row.key):
            row.is_withdrawn = False
            return "below_zero"
        self.log.append(Row("withdrawal", row.key, row.counted))
        return "ok"

    def _stands(self, key):
        return all(each is None or each.units >= 0 for each in self._told(key))

    def staged(self, key):
        """What holds of a cell: the last count that was not withdrawn, with the changes after it."""
        told = self._told(key)
        return told[-1] if told else None

    def _told(self, key):
        told = []
        for row in self.log:
            if row.key != key or row.is_withdrawn or row.kind == "withdrawal":
                continue
            if row.kind == "count":
                told.append(row.counted)
            else:
                live = replace(row.counted, units=row.counted.read_on_hand, unpicked=0, moved=None)
                base = told[-1] if told else live
                told.append(replace(base, units=base.units + row.change))
        return told

    def counted(self):
        """What holds, by cell."""
        staged = {key: self.staged(key) for key in {row.key for row in self.log}}
        return {key: each for key, each in staged.items() if each is not None}

    def plan(self, scope, moved):
        """What a promotion would make of each cell that was counted or that it sets to 0."""
        counted = self.counted()
        planned = {key: self._of_counted(key, each, moved) for key, each in counted.items()}
        if scope == "full":
            for key in self.cells.keys() - counted.keys() - self.received:
                if self.cells[key].on_hand > 0 or self.unpicked(key) < 0:
                    planned[key] = self._of_empty(key)
        return planned

    def _of_counted(self, key, counted, ignored):
        cell = self.cells[key]
        is_ignored = "ignore" in (ignored, counted.moved)
        moved = 0 if is_ignored else cell.on_hand - counted.read_on_hand
        after = max(counted.units - counted.unpicked + moved, 0)
        return Planned(counted.units, counted.unpicked, moved, cell.on_hand, after, cell.held)

    def _of_empty(self, key):
        """Nothing lies there; only what has left and is not taken out of stock yet stays on the books."""
        cell, unpicked = self.cells[key], min(self.unpicked(key), 0)
        return Planned(None, unpicked, 0, cell.on_hand, -unpicked, cell.held)

    def is_right(self, key, moved):
        """Whether the books have to be true after a promotion: somebody looked, saw right, and all since was entered.

        Where what moved is left out, nothing may have moved; where nobody counted, nothing may lie there.
        """
        counted, due = self.staged(key), self.due(key)
        if due < 0:
            return False  # more is sold than lies there: on_hand can't say so
        if counted is None:
            return self.cells[key].shelf == 0
        saw = counted.units - counted.unpicked == counted.due
        if "ignore" in (moved, counted.moved):
            return saw and due == counted.due
        return saw and self.cells[key].slips == counted.slips

    def promote(self, scope, moved, version):
        if scope == "full" and version is None:
            return "version_missing"
        if not self.counted():
            return "nothing_counted"
        if version not in (None, len(self.log)):
            return "version_moved"
        self.snapshots.append({key: cell.figures for key, cell in self.cells.items()})
        planned = self.plan(scope, moved)
        for key, each in planned.items():
            self.cells[key].is_true = self.is_right(key, moved)
            self.cells[key].on_hand = each.after
        self.earlier += self.log
        self.log, self.received = [], set()
        return "ok"
