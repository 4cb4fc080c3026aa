"""What rivals do around a promotion, each in a transaction of its own; ids are read when the work is made."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Product
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import in_transaction, session
from merchant_api.core.tenancy import of
from merchant_api.orders.due import settle_stock
from merchant_api.orders.models import Order
from merchant_api.orders.place.place import place
from merchant_api.orders.steps import cancel, pickup
from merchant_api.stock import adjust, settle, transfer
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.places import Place
from merchant_api.stock.sessions import change, promote
from merchant_api.stock.sessions import count as counting
from merchant_api.stock.sessions.count import NewCount
from merchant_api.stock.sessions.models import Count, Session, StagedCell
from merchant_api.stock.sessions.promote import Close
from merchant_api.stock.sessions.states import SessionState
from merchant_api.stock.states import Reason
from merchant_api.stock.transfer import Transfer
from tests.make.orders import wanted
from tests.make.people import make_actor
from tests.races.rivals import Work, in_own

SELLER, JOB = make_actor(), job("tests")


def closes(shop: Merchant, **wish: Any) -> Work:
    """Close the live session."""
    return in_own(partial(promote.close, shop.id, Close(**wish), SELLER))


def counts(product: Product, units: int, **more: Any) -> Work:
    """Count a cell of the product."""
    new = NewCount(product.id, units, **more)
    return in_own(partial(counting.count, product.merchant_id, new, SELLER))


def changes(product: Product, **by: int) -> Work:
    """Change what is counted of the product."""
    wish = Adjustment(product.id, Reason.CORRECTION, **by)
    return in_own(partial(change.adjust, product.merchant_id, wish, SELLER))


def withdraws(row: Count) -> Work:
    """Take a count back."""
    return in_own(partial(change.withdraw, row.merchant_id, row.id, SELLER))


def buys(*lines: tuple[Product, int]) -> Work:
    """Place an order; placing opens its own transaction."""
    placement = wanted(lines)
    return lambda merchant_id=lines[0][0].merchant_id: place(merchant_id, [placement])[0]


def gets(product: Product, units: int) -> Work:
    """Take units in, or with fewer than none, lose some; live, in the default cell."""
    by = {"increase": units} if units > 0 else {"decrease": -units}
    wish = Adjustment(product.id, Reason.RECEIVED if units > 0 else Reason.LOST, **by)
    return in_own(partial(adjust.adjust, product.merchant_id, wish, SELLER))


def moves(product: Product, units: int, to: str) -> Work:
    """Move units from the default cell to another location."""
    wish = Transfer(product.id, Place(), Place(to), units)
    return in_own(partial(transfer.transfer, product.merchant_id, wish, SELLER))


def settles(shop: Merchant) -> Work:
    """What the job that settles does on what is due."""
    return partial(_settle, shop.id)


def _settle(merchant_id: UUID) -> int:
    due = settle.DUE.ids(merchant_id, clock.now(), 1000)
    session().rollback()
    return in_transaction(partial(settle_stock.run, merchant_id, due, JOB), of(merchant_id))


def picks_up(order: Order) -> Work:
    """The courier comes, and takes what the books do not have yet too."""
    return in_own(partial(pickup.pick_up, order.merchant_id, order.id, pickup.HandOver(also_owed=True), SELLER))


def cancels(order: Order) -> Work:
    """The merchant cancels."""
    return in_own(partial(cancel.cancel, order.merchant_id, order.id, cancel.Cancel("no"), SELLER))


def counted_in(shop: Merchant, state: SessionState) -> dict[UUID, int]:
    """What holds in the session of a state: units by product."""
    session().rollback()
    rows = (
        select(StagedCell.product_id, StagedCell.quantity)
        .join(Session, (Session.merchant_id == shop.id) & (Session.id == StagedCell.session_id))
        .where(StagedCell.merchant_id == shop.id, Session.state == state)
    )
    return {row.product_id: row.quantity for row in session().execute(rows)}


def log_of(shop: Merchant) -> Sequence[Count]:
    """Every row of the merchant's log of counts, oldest first."""
    session().rollback()
    return session().execute(select(Count).where(Count.merchant_id == shop.id).order_by(Count.id)).scalars().all()
