"""The endpoints of stock: adjustments, transfers, the live view and the ledger."""

from uuid import UUID

from flask import Blueprint

from merchant_api.catalog import find as catalog
from merchant_api.core.actor import Actor
from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page, page_of
from merchant_api.stock import adjust as adjusting
from merchant_api.stock import find
from merchant_api.stock import transfer as transferring
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.adjust_schemas import AdjustedOut, AdjustmentIn, TransferIn, TransferredOut
from merchant_api.stock.availability_schemas import AvailabilityOut, DetailOut
from merchant_api.stock.figures import Named, ProductDetail, ProductStock
from merchant_api.stock.find import CellsWanted
from merchant_api.stock.schemas import EntryOut, LedgerList, LedgerListIn, LiveView, LiveViewIn
from merchant_api.stock.transfer import Transfer

stock = Blueprint("stock", __name__)


@endpoint(stock, "POST", "/stock/adjustments", needs="stock.edit", body=AdjustmentIn, reply=AdjustedOut, status=201)
def adjust_stock(merchant_id: UUID, body: Adjustment, actor: Actor) -> dict[str, Named]:
    """Change what is on hand in one place."""
    adjusted = adjusting.adjust(merchant_id, body, actor)
    return {"entry": find.after(merchant_id, [adjusted])[0]}


@endpoint(stock, "POST", "/stock/transfers", needs="stock.edit", body=TransferIn, reply=TransferredOut, status=201)
def transfer_stock(merchant_id: UUID, body: Transfer, actor: Actor) -> dict[str, dict[str, Named]]:
    """Move units to another place or grade."""
    moved = transferring.transfer(merchant_id, body, actor)
    source, target = find.after(merchant_id, [moved.source, moved.target])
    return {"source": {"entry": source}, "target": {"entry": target}}


@endpoint(stock, "GET", "/availability", needs="stock.read", query=LiveViewIn, reply=page_of(AvailabilityOut))
def list_availability(merchant_id: UUID, query: LiveView, **_: object) -> Page[ProductStock]:
    """The live view: every product by location and grade."""
    wanted = CellsWanted(query.product, query.location, query.grade, query.category)
    return find.page(merchant_id, wanted, query.at)


@endpoint(stock, "GET", "/availability/<uuid:product_id>", needs="stock.read", reply=DetailOut)
def get_availability(merchant_id: UUID, product_id: UUID, **_: object) -> ProductDetail:
    """All about the stock of one product."""
    return find.detail(catalog.product(merchant_id, product_id))


@endpoint(stock, "GET", "/stock/ledger", needs="stock.read", query=LedgerListIn, reply=page_of(EntryOut))
def list_ledger(merchant_id: UUID, query: LedgerList, **_: object) -> Page[Named]:
    """Every change of every figure, newest first.

    A page that looks for a person, a location or a grade reads 100,000 rows at most: it may hold few, or none, and
    still name a `next`.
    """
    return find.ledger(merchant_id, query.wanted, query.at)
