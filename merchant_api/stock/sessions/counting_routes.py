"""The endpoints of counting by list: the sheet of what is to be counted, files of counts, and snapshots as files."""

from uuid import UUID

from flask import Blueprint

from merchant_api.core.actor import Actor
from merchant_api.core.csv_out import Download
from merchant_api.core.endpoint import CsvBody, endpoint
from merchant_api.core.errors import Forbidden
from merchant_api.core.paging import Page, page_of
from merchant_api.stock.sessions import csv_export, csv_import, sheet
from merchant_api.stock.sessions.counting_schemas import (
    ImportedOut,
    ImportIn,
    SheetCellOut,
    SheetFileIn,
    SheetFilter,
    SheetIn,
    SheetPage,
)
from merchant_api.stock.sessions.csv_import import CountFileDraft
from merchant_api.stock.sessions.csv_report import CountFileReport
from merchant_api.stock.sessions.sheet import SheetCell, SheetWanted

FILE = CsvBody(8 * 1024 * 1024, csv_import.read)

counting = Blueprint("counting", __name__)


@endpoint(counting, "GET", "/staged/sheet", needs="sessions.count", query=SheetIn, reply=page_of(SheetCellOut))
def get_sheet(merchant_id: UUID, query: SheetPage, actor: Actor) -> Page[SheetCell]:
    """The cells to be counted, and what is counted of them."""
    return sheet.page(merchant_id, _permitted(query, actor), query.at)


@endpoint(counting, "GET", "/staged/sheet.csv", needs="sessions.count", query=SheetFileIn, gives_csv=True)
def get_sheet_file(merchant_id: UUID, query: SheetFilter, actor: Actor) -> Download:
    """The counting sheet as CSV: fill in the quantities and import it."""
    return csv_export.counting_sheet(merchant_id, _permitted(query, actor))


@endpoint(
    counting, "POST", "/staged/counts/import", needs="sessions.count", query=ImportIn, takes_csv=FILE, reply=ImportedOut
)
def import_counts(merchant_id: UUID, body: CountFileDraft, actor: Actor, **_: object) -> CountFileReport:
    """Count from CSV or .xlsx (sku, quantity, location, grade, comment, or another system's): all lines or none."""
    return csv_import.bring_in(merchant_id, body, actor)


@endpoint(counting, "GET", "/<which>/snapshot.csv", needs="stock.read", gives_csv=True)
def get_snapshot_file(merchant_id: UUID, which: str, **_: object) -> Download:
    """The cells of a closed session as it left them, as CSV."""
    return csv_export.snapshot(merchant_id, which)


def _permitted(query: SheetFilter, actor: Actor) -> SheetWanted:
    """Who may count but not read stock counts blindly."""
    if query.show_expected and not actor.may("stock.read"):
        raise Forbidden(permission="stock.read")
    return query.wanted
