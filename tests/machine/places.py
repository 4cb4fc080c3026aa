"""The machine's rules for places: stock in two of them, orders from one or from anywhere, and the job that moves."""

from dataclasses import replace

from hypothesis import strategies as st
from sqlalchemy import select

from merchant_api.core.db import session
from merchant_api.orders.due import settle_stock
from merchant_api.orders.place.ground import look
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Refused
from merchant_api.orders.route import Need
from merchant_api.stock import adjust as adjusting
from merchant_api.stock import settle, transfer
from merchant_api.stock.models import Cell, Hold, Location
from merchant_api.stock.places import Place
from merchant_api.stock.states import HoldState, Reason
from tests.machine.after import JOB, SELLER
from tests.make.orders import wanted as placement_of
from tests.make.stock import make_cell

PLACES = ("default", "shed")
places = st.sampled_from(PLACES)
chosen = st.sampled_from([None, None, *PLACES])
lying_in_two = st.sampled_from(["mug", "poster"])


def given_of(names):
    """What each rule is given; `names` are those of the products."""
    return {
        "set_available": {"name": names, "level": st.integers(0, 8)},
        "adjust": {"name": names, "change": st.integers(-4, 4), "where": places},
        "count": {"name": names, "quantity": st.integers(0, 8), "where": places},
        "transfer": {"name": lying_in_two, "units": st.integers(1, 4), "source": places},
        "find_elsewhere": {"name": lying_in_two, "source": places, "units": st.integers(0, 3)},
        "settle": {},
    }


OFTEN = ["settle", "find_elsewhere", "adjust"]


class Places:
    """Rules of a machine that has `shop`, `merchant_id`, `products`, `instant` and `compare`."""

    def open_places(self):
        """The mug lies in both from the start, and nothing else in the shed."""
        make_cell(self.products["mug"], 0, location="shed")
        rows = select(Location.name, Location.id).where(Location.merchant_id == self.merchant_id)
        self.locations = dict(session().execute(rows).all())

    def where(self, name, place):
        """The place, where the product may lie in it; else the only one."""
        return place if place in self.shop.goods[name].places else "default"

    def choices(self, wanted):
        """Names, units and places of an order: only what may lie in two places is ordered from one of them."""
        return [
            (name, units, where if len(self.shop.goods[name].places) > 1 else None) for name, units, where in wanted
        ]

    def place_at(self, wanted, customer, terms):
        """Place an order whose lines may name their places; a refusal is raised."""
        placement = placement_of([(self.products[name], units) for name, units, _ in wanted], customer, terms=terms)
        lines = [
            replace(line, location_id=self.locations.get(where))
            for line, (_, _, where) in zip(placement.lines, wanted, strict=True)
        ]
        (result,) = place(self.merchant_id, [replace(placement, lines=tuple(lines))])
        if isinstance(result, Refused):
            raise result.refusal
        return result.view.order

    def set_available(self, name, level):
        wanted, product_id = adjusting.Level(level), self.products[name].id
        expected = self.shop.set_available(name, level)
        self.compare(lambda: adjusting.set_available(self.merchant_id, product_id, wanted, SELLER), expected)

    def adjust(self, name, change, where):
        place, given = self.where(name, where), {"increase": change} if change >= 0 else {"decrease": -change}
        self.compare(self.adjusts(name, place, **given), self.shop.adjust(name, change, place))

    def count(self, name, quantity, where):
        place = self.where(name, where)
        self.compare(self.adjusts(name, place, quantity=quantity), self.shop.count(name, quantity, place))

    def adjusts(self, name, place="default", **given):
        wanted = adjusting.Adjustment(self.products[name].id, Reason.COUNT, place, **given)
        return lambda: adjusting.adjust(self.merchant_id, wanted, SELLER)

    def transfer(self, name, units, source):
        target = "shed" if source == "default" else "default"
        wanted = transfer.Transfer(self.products[name].id, Place(source), Place(target), units)
        expected = self.shop.transfer(name, units, source, target)
        self.compare(lambda: transfer.transfer(self.merchant_id, wanted, SELLER), expected)

    def find_elsewhere(self, name, source, units):
        """All that lies in one place is found to lie in the other, where somebody wants it before the job comes by."""
        target = "shed" if source == "default" else "default"
        lying = self.shop.goods[name].cells[source].on_hand
        self.count(name, 0, source)
        self.adjust(name, max(lying, 2), target)
        if units:
            self.place([(name, units, target)], None, 0)
            self.settle()

    def settle(self):
        """The job: what can move is among what is due, and no younger order is served before one that waits."""
        self.check_that_moves_are_due()
        open_before = {name: self.shop.open_of(goods) for name, goods in self.shop.goods.items()}
        self.shop.settle()
        rows = select(Hold.id).where(Hold.merchant_id == self.merchant_id, Hold.state == HoldState.OPEN)
        ids = session().execute(rows).scalars().all()
        self.compare(lambda: settle_stock.run(self.merchant_id, ids, JOB), "ok")
        for name, before in open_before.items():
            self.check_that_the_oldest_came_first(self.shop.goods[name], before)

    def check_that_moves_are_due(self):
        dues = (settle.DUE, settle_stock.TO_MOVE)
        ids = [each for due in dues for each in due.ids(self.merchant_id, self.instant, 1000)]
        rows = select(Hold.product_id).where(Hold.merchant_id == self.merchant_id, Hold.id.in_(ids))
        due = set(session().execute(rows).scalars())
        assert {self.products[name].id for name, goods in self.shop.goods.items() if self.shop.moves(goods)} <= due

    def check_that_the_oldest_came_first(self, goods, before):
        waits = False
        for order, hold in before:
            assert not (waits and hold.state == "settled")
            is_from_anywhere = hold.line.where is None and order.confirmed_at is not None
            waits = waits or (is_from_anywhere and hold.state == "open")

    def figures_are_as_in_the_model(self):
        """What can be ordered from a place or from anywhere, never more than nobody was promised."""
        ground = look(self.merchant_id, [product.id for product in self.products.values()])
        for name, goods in self.shop.goods.items():
            for where in (None, *PLACES) if goods.is_tracked else ():
                need = Need(0, self.products[name].id, 1, self.locations.get(where))
                there = ground.route([need], None)[0].available
                assert there == self.shop.can_take(goods.available(), where)
                assert there <= max(0, sum(cell.on_hand - cell.held for cell in goods.cells.values()))

    def cells_are_as_in_the_model(self):
        asked = select(Cell.product_id, Location.name, Cell.on_hand, Cell.held, Cell.used).join(
            Location, (Location.merchant_id == Cell.merchant_id) & (Location.id == Cell.location_id)
        )
        rows = session().execute(asked.where(Cell.merchant_id == self.merchant_id)).all()
        found = {(row[0], row[1]): tuple(row[2:]) for row in rows}
        assert {key: figures for key, figures in found.items() if any(figures)} == {
            (self.products[name].id, place): (cell.on_hand, cell.held, cell.used)
            for name, goods in self.shop.goods.items()
            for place, cell in goods.cells.items()
            if cell.on_hand or cell.held or cell.used
        }
