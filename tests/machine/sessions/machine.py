"""The half of the machine that counts and promotes, and what must agree after every step."""

from hypothesis.stateful import invariant

from merchant_api.core.db import session
from merchant_api.stock import adjust, transfer
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.places import Place
from merchant_api.stock.sessions import change, promote
from merchant_api.stock.sessions import count as counting
from merchant_api.stock.sessions.count import NewCount
from merchant_api.stock.sessions.promote import Close
from merchant_api.stock.sessions.states import Moved, Scope
from merchant_api.stock.states import Reason
from merchant_api.stock.transfer import Transfer
from tests.machine.sessions import looks
from tests.machine.sessions.things import PLACES
from tests.machine.sessions.trading import SELLER, Trading, told


class Sessions(Trading):
    """Live changes, counts, promotions; the shelf itself is the judge of what a promotion leaves on the books."""

    def receive(self, key, units):
        expected = self.shop.receive(key, units)
        self.compare("receive", expected, self.adjusts(key, Reason.RECEIVED, increase=units))

    def lose(self, key, units):
        expected = self.shop.lose(key, units)
        self.compare("lose", expected, self.adjusts(key, Reason.LOST, decrease=units))

    def correct(self, key, total):
        expected = self.shop.correct(key, total)
        self.compare("correct", expected, self.adjusts(key, Reason.CORRECTION, quantity=total))

    def stray(self, key, units):
        told["stray", "ok"] += 1  # it is the shelf's alone: the program never hears of it
        self.shop.stray(key, units)

    def adjusts(self, key, reason, **given):
        wish = self.wish(key, reason, **given)
        return lambda: adjust.adjust(self.merchant_id, wish, SELLER)

    def wish(self, key, reason, **given):
        name, (location, grade) = key
        return Adjustment(self.ids[name], reason, location, grade, **given)

    def transfer(self, name, way, units):
        source, target = way
        expected = self.shop.transfer((name, source), (name, target), units)
        wish = Transfer(self.ids[name], Place(*source), Place(*target), units)
        step = "transfer" if source[0] != target[0] else "regrade"
        self.compare(step, expected, lambda: transfer.transfer(self.merchant_id, wish, SELLER))

    def count(self, key, missed, moved, by_adjusting, before=None, after=None):
        """Somebody looks; there, just before and just after, something may happen."""
        if before == "strays":
            self.stray(key, 2 - len(self.rows) % 5)
        elif before:
            self.sale(key[0], 2, before == "stays", before)
        self.look(key, missed, moved, by_adjusting)
        if after == "sale":
            self.sale(key[0], 1, True, "stays")
        elif after == "receive":
            self.receive(key, 2)
        elif after == "settle":
            self.settle()
        elif after:
            self.cancel(0, True) if after == "cancel" else self.fail(0)

    def look(self, key, missed, moved, by_adjusting):
        if by_adjusting:
            units = self.shop.count(key, missed, None)
            wish = self.wish(key, Reason.COUNT, quantity=units)
            self.written("recount", "ok", lambda: change.adjust(self.merchant_id, wish, SELLER))
        else:
            name, (location, grade) = key
            units = self.shop.count(key, missed, moved)
            new = NewCount(self.ids[name], units, location, grade, moved=moved and Moved(moved))
            self.written("count", "ok", lambda: counting.count(self.merchant_id, new, SELLER))

    def change(self, key, units):
        expected = self.shop.change(key, units)
        wish = self.wish(key, Reason.CORRECTION, **({"increase": units} if units > 0 else {"decrease": -units}))
        self.written("change", expected, lambda: change.adjust(self.merchant_id, wish, SELLER))

    def withdraw(self, number, twice):
        """Take back a row of the session, and perhaps another one of the same cell; or whatever was ever counted."""
        standing = [row for row in self.rows if row[0] in self.shop.log and not row[0].is_withdrawn]
        rows = standing if standing and number else self.rows
        if not rows:
            return
        key = rows[-1 - number % len(rows)][0].key
        there = [row for row in rows if row[0].key == key]
        for row, row_id in there[-2:] if twice else there[-1:]:
            expected = self.shop.withdraw(row)
            self.written("withdraw", expected, lambda row_id=row_id: change.withdraw(self.merchant_id, row_id, SELLER))

    def written(self, step, expected, work):
        row = self.compare(step, expected, work)
        if row is not None:
            self.rows.append((self.shop.log[-1], row.id))

    def promote(self, keys, scope, moved, look):
        """Look first, then close; what was shown is what the model plans and what then happens."""
        if look == "seen" and not self.shop.counted():
            self.look(("mug", PLACES[0]), 0, moved, by_adjusting=False)  # something to promote the next time
            return
        for key in keys:
            self.look(key, 0, None, by_adjusting=False)  # somebody looks there just before
        seen = looks.preview(self.where, scope, moved)
        planned = self.shop.plan(scope, moved)
        assert seen.cells == planned
        assert seen.version == len(self.shop.log)
        modes = looks.modes(self.where)
        version = {"seen": seen.version, "missing": None, "stale": seen.version - 1}[look]
        wish = Close(Scope(scope), moved and Moved(moved), version)
        expected = self.shop.promote(scope, moved, version)
        closed = self.compare(f"promote {scope}", expected, lambda: promote.close(self.merchant_id, wish, SELLER))
        if closed is None:
            return
        found = looks.cells(self.where)
        assert {key: found[key][0] for key in planned} == {key: each.after for key, each in planned.items()}
        assert looks.modes(self.where) == modes | seen.modes
        assert seen.totals == looks.totals(planned)
        changed = [each for each in planned.values() if each.after != each.on_hand]
        assert (closed.counted, closed.changed) == (seen.totals.counted, len(changed))
        assert closed.zeroed == seen.totals.zeroed
        looks.check_all(self.merchant_id)
        told.update(looks.judged(self.shop, planned))
        told["modes", "changed"] += len(seen.modes)

    @invariant()
    def both_sides_agree(self):
        """Books and audit, cells, what is counted; and what nobody was promised lies on the shelf."""
        looks.check(self.merchant_id)
        found, cells = looks.cells(self.where), self.shop.cells
        assert found == {key: cell.figures for key, cell in cells.items()}
        free = {key: found[key][0] - found[key][1] for key, cell in cells.items() if cell.is_true}
        assert free == {key: cells[key].shelf - self.shop.promised_there(key) for key in free}
        assert looks.staged(self.where) == {key: each.figures for key, each in self.shop.counted().items()}
        session().rollback()

    def teardown(self):
        """Closed sessions kept what they left, and nothing is left over."""
        if hasattr(self, "where"):
            looks.check_all(self.merchant_id)
            assert looks.snapshots(self.where) == self.shop.snapshots
            session().rollback()
