"""What the real side shows, in the words of the model: cells by product and place, counts, snapshots, a preview."""

from dataclasses import dataclass

from sqlalchemy import select

from merchant_api.catalog.models import Product
from merchant_api.core.db import session
from merchant_api.core.paging import window
from merchant_api.orders.figures.audit import audit as audit_orders
from merchant_api.shop import find as shop
from merchant_api.shop import preview as previewing
from merchant_api.stock.audit import audit
from merchant_api.stock.models import Cell, Grade, Location
from merchant_api.stock.sessions.find import CELL
from merchant_api.stock.sessions.models import Session, Snapshot, StagedCell
from merchant_api.stock.sessions.plan import PlanTotals, Promotion
from merchant_api.stock.sessions.states import Moved, Scope, SessionState
from tests.machine.sessions.things import Planned
from tests.make.snapshot import check_books

PAGE = 3  # so that most previews go over pages


class Where:
    """A merchant, and the names of products and places by their ids and the other way round."""

    def __init__(self, merchant_id, product_ids):
        self.merchant_id = merchant_id
        self.products = {product_id: name for name, product_id in product_ids.items()}
        self.locations, self.grades = (
            {
                row.name: row.id
                for row in session().execute(select(table).where(table.merchant_id == merchant_id)).scalars()
            }
            for table in (Location, Grade)
        )
        self.places = {place_id: name for each in (self.locations, self.grades) for name, place_id in each.items()}

    def key(self, row):
        """The cell that a row is about."""
        return (self.products[row.product_id], (self.places[row.location_id], self.places[row.grade_id]))

    def keyed(self, rows, say):
        """Rows about cells, by cell."""
        return {self.key(row): say(row) for row in rows}


@dataclass(frozen=True)
class Seen:
    """A preview, all its pages."""

    version: int
    cells: dict
    totals: PlanTotals
    modes: dict


def check(merchant_id):
    """Ledger, cells, holds and sessions agree, as the product sees it."""
    assert audit(merchant_id).differences == ()


def check_all(merchant_id):
    """And as the tests see it, and orders too."""
    check_books(merchant_id)
    assert audit_orders(merchant_id) == []


def cells(where):
    """on_hand, held and used of every cell."""
    rows = session().execute(select(Cell.__table__).where(Cell.merchant_id == where.merchant_id)).all()
    return where.keyed(rows, lambda row: (row.on_hand, row.held, row.used))


def staged(where):
    """What is counted in the staged session: units, sold but there, the live figure, what becomes of what moved."""
    rows = (
        select(StagedCell.__table__)
        .join(Session, (Session.merchant_id == where.merchant_id) & (Session.id == StagedCell.session_id))
        .where(StagedCell.merchant_id == where.merchant_id, Session.state == SessionState.STAGED)
    )
    found = session().execute(rows).all()
    return where.keyed(found, lambda row: (row.quantity, row.unpicked, row.read_on_hand, row.moved))


def snapshots(where):
    """What each closed session left, the oldest first."""
    closed = select(Session.id).where(Session.merchant_id == where.merchant_id, Session.state == SessionState.CLOSED)
    rows = session().execute(select(Snapshot.__table__).where(Snapshot.merchant_id == where.merchant_id)).all()
    return [
        where.keyed([row for row in rows if row.session_id == each], lambda row: (row.on_hand, row.held, row.used))
        for each in session().execute(closed.order_by(Session.id)).scalars()
    ]


def modes(where):
    """The mode of every product, by name."""
    rows = session().execute(select(Product).where(Product.merchant_id == where.merchant_id)).scalars().all()
    return {where.products[row.id]: shop.view(row).shown.mode.value for row in rows}


def preview(where, scope, moved):
    """Every page of a preview."""
    wish, found, cursor, is_over = Promotion(Scope(scope), moved and Moved(moved)), {}, None, False
    while not is_over:
        seen = previewing.preview(where.merchant_id, wish, window(PAGE, cursor, CELL))
        for cell in seen.cells.items:
            row = cell.row
            assert (cell.available, cell.is_conflict) == (row.after - row.held, row.after < row.held)
            found[where.key(row)] = _planned(row)
        cursor = seen.cells.next
        is_over = cursor is None
    before = modes(where)
    assert seen.modes_changed == len(seen.modes)
    assert all(before[where.products[each.product_id]] == each.before.value != each.after.value for each in seen.modes)
    session().rollback()
    return Seen(
        seen.version, found, seen.totals, {where.products[each.product_id]: each.after.value for each in seen.modes}
    )


def _planned(row):
    return Planned(row.counted, row.unpicked, row.moved, row.on_hand, row.after, row.held)


def totals(planned):
    """A plan in figures."""
    lines = planned.values()
    return PlanTotals(
        counted=sum(each.counted is not None for each in lines),
        changed=sum(each.after != each.on_hand for each in lines),
        zeroed=sum(each.counted is None and each.after < each.on_hand for each in lines),
        held=sum(each.held for each in lines),
        unpicked=sum(each.unpicked for each in lines),
        conflicts=sum(each.after < each.held for each in lines),
    )


def judged(model, planned):
    """Of how many cells the shelf itself was the judge of a promotion, and what stood in the way of an easy sum."""
    found = {}
    for key, each in planned.items():
        kinds = ["not judged"]
        if model.cells[key].is_true:
            kinds = [
                "right",
                "right, counted" if each.counted is not None else "right, nobody counted",
                "right, sold on the shelf" if each.unpicked > 0 else "",
                "right, gone but not settled" if each.unpicked < 0 else "",
                "right, moved since" if each.moved else "",
                "right, put right by it" if each.after != each.on_hand else "",
            ]
        for kind in filter(None, kinds):
            found["cells", kind] = found.get(("cells", kind), 0) + 1
    return found
