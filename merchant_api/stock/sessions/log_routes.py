"""The endpoint of the availability log."""

from uuid import UUID

from flask import Blueprint

from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page, page_of
from merchant_api.stock.schemas import LedgerList, LedgerListIn
from merchant_api.stock.sessions import log
from merchant_api.stock.sessions.log import Logged
from merchant_api.stock.sessions.log_schemas import LogOut

stock_log = Blueprint("stock_log", __name__)


@endpoint(stock_log, "GET", "/stock/log", needs="stock.read", query=LedgerListIn, reply=page_of(LogOut))
def list_log(merchant_id: UUID, query: LedgerList, **_: object) -> Page[Logged]:
    """The availability log: every change and every count, newest first.

    A page that looks for a person, a location or a grade reads 100,000 rows at most: it may hold few, or none, and
    still name a `next`.
    """
    return log.page(merchant_id, query.wanted, query.at)
