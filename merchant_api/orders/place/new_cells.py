"""Cells for backorders of products that never lay where they are wanted: made empty, then the order is placed again.

They are made in a transaction of their own, in which nothing is locked. Two who make one at once both find it, and who
makes a cell and then locks those beside it never waits in a circle with one who does it the other way round.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from merchant_api.core.db import session
from merchant_api.orders.place.draft import Draft
from merchant_api.orders.route import Choice
from merchant_api.stock import places
from merchant_api.stock.models import Grade, Location
from merchant_api.stock.places import P


class CellsMissing(Exception):
    """Orders would be taken, but there is no cell yet in which their units could be owed."""

    def __init__(self, choices: set[Choice]) -> None:
        super().__init__(f"{len(choices)} cells")
        self.choices = choices


def nowhere(drafts: Iterable[Draft]) -> set[Choice]:
    """The choices of those lines that would be owed in a cell which there is not."""
    found = (verdict.nowhere for draft in drafts for verdict in draft.routed.values())
    return {choice for choice in found if choice is not None}


def make_chosen(merchant_id: UUID, choices: Iterable[Choice]) -> None:
    """Make a cell for each choice; what it does not name is the merchant's first of that kind."""
    location_id, grade_id = _first(Location, merchant_id), _first(Grade, merchant_id)
    keys = [(product, location or location_id, grade or grade_id) for product, location, grade in choices]
    places.make_cells(merchant_id, keys)


def _first(table: type[P], merchant_id: UUID) -> UUID:
    rows = select(table.id).where(table.merchant_id == merchant_id).order_by(table.rank, table.id)
    return session().execute(rows.limit(1)).scalar_one()
