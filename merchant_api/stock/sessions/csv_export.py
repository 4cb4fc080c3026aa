"""Files for people: the snapshot of a closed session, and the counting sheet that comes back as a file of counts.

Each is one statement whose rows come in portions, so that a file is one picture of one instant and memory is bounded.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from merchant_api.catalog.models import Category, Product
from merchant_api.core import clock
from merchant_api.core.csv_out import Download
from merchant_api.core.db import make_room, session
from merchant_api.core.schema import rfc3339
from merchant_api.stock.models import Grade, Location
from merchant_api.stock.sessions import history, sheet
from merchant_api.stock.sessions.models import Snapshot
from merchant_api.stock.sessions.sheet import SheetWanted

PORTION = 2_000
SNAPSHOT = ("sku", "name", "location", "grade", "on_hand", "held", "available", "used")
SHEET = ("sku", "name", "category", "location", "grade", "quantity", "comment", "counted", "counted_by", "counted_at")
EXPECTED = ("on_hand", "on_shelf")


def snapshot(merchant_id: UUID, which: str) -> Download:
    """The cells of a closed session as it left them, by SKU and place; raises NotFound, NotClosed."""
    closed = history.closed_session(merchant_id, which)
    rows = (
        select(
            Product.sku,
            Product.name,
            Location.name,
            Grade.name,
            Snapshot.on_hand,
            Snapshot.held,
            Snapshot.on_hand - Snapshot.held,
            Snapshot.used,
        )
        .join(Product, (Product.merchant_id == Snapshot.merchant_id) & (Product.id == Snapshot.product_id))
        .join(Location, (Location.merchant_id == Snapshot.merchant_id) & (Location.id == Snapshot.location_id))
        .join(Grade, (Grade.merchant_id == Snapshot.merchant_id) & (Grade.id == Snapshot.grade_id))
        .where(Snapshot.merchant_id == merchant_id, Snapshot.session_id == closed.id)
        .order_by(Product.sku, Location.rank, Location.name, Grade.rank, Grade.name)
    )
    return Download(f"snapshot-{closed.closed_at:%Y-%m-%dT%H%MZ}.csv", SNAPSHOT, _portions(rows))


def counting_sheet(merchant_id: UUID, wanted: SheetWanted) -> Download:
    """The counting sheet as one walks: by location, category and SKU; raises NoStagedSession."""
    rows = sheet.rows(merchant_id, wanted).order_by(
        Location.rank, Location.name, Category.name, Product.sku, Grade.rank, Grade.name
    )
    columns = SHEET + (EXPECTED if wanted.shows_expected else ())
    found = _portions(rows)
    return Download(
        f"counting-sheet-{clock.now():%Y-%m-%d}.csv", columns, (_line(row)[: len(columns)] for row in found)
    )


def _line(row: Row[Any]) -> tuple[Any, ...]:
    is_counted = row.quantity is not None
    counted = (row.quantity, row.actor["name"], rfc3339(row.counted_at)) if is_counted else (None, None, None)
    named = (row.sku, row.name, row.category, row.location, row.grade)
    return (*named, None, None, *counted, row.on_hand, row.on_shelf)


def _portions(rows: Select[*tuple[Any, ...]]) -> Iterator[Row[Any]]:
    make_room()
    yield from session().execute(rows, execution_options={"yield_per": PORTION})
