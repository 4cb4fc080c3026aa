"""Creating a product: the row, its cell, and the opening entry of its ledger, in one transaction."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from merchant_api.catalog import categories, limits
from merchant_api.catalog.errors import SkuTaken
from merchant_api.catalog.models import Fulfilment, Product, ProductKind, Status, WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.shop import find
from merchant_api.shop.errors import StockOfUntracked, WrongCurrency
from merchant_api.stock import places
from merchant_api.stock.ledger import Change
from merchant_api.stock.lock import lock_cells
from merchant_api.stock.states import Reason


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product to be; `stock` is the opening quantity in units, `max_quantity` 0 is unlimited, `category` a name."""

    sku: str
    name: str
    price: Money
    description: str = ""
    kind: ProductKind = ProductKind.MERCHANDISE
    status: Status = Status.DRAFT
    fulfilment: Fulfilment | None = None
    when_short: WhenShort | None = None
    is_tracked: bool = True
    max_quantity: int = 0
    stock: int = 0
    category: str | None = None


def create(merchant_id: UUID, new: NewProduct, actor: Actor) -> Product:
    """Create a product; raises NotForRegistrations, WrongCurrency, StockOfUntracked, UnknownCategory, SkuTaken."""
    if new.stock and not new.is_tracked:
        raise StockOfUntracked(errors={"stock": ["This product is not tracked."]})
    product = _add(merchant_id, new)
    check_currency(merchant_id, new.price)  # now that there is a product, the currency stays what it is
    key = places.key_of(merchant_id, product.id, places.Place())
    places.make_cells(merchant_id, [key])
    if new.stock:
        book = lock_cells(merchant_id, [key])
        book.change(Change(key, Reason.OPENING, on_hand=new.stock), actor)
        book.write()
    return product


def check_currency(merchant_id: UUID, price: Money) -> None:
    """Raises WrongCurrency."""
    currency = find.currency(merchant_id)
    if price.currency != currency:
        raise WrongCurrency(errors={"price": [f"This merchant's currency is {currency}."]})


def _add(merchant_id: UUID, new: NewProduct) -> Product:
    fulfilment = new.fulfilment or limits.FULFILMENT[new.kind]
    when_short = new.when_short or limits.WHEN_SHORT[new.kind]
    limits.check(new.kind, fulfilment, when_short)
    instant = clock.now()
    row = insert(Product).values(
        merchant_id=merchant_id,
        id=new_id(),
        sku=new.sku,
        name=new.name,
        description=new.description,
        kind=new.kind,
        status=new.status,
        fulfilment=fulfilment,
        when_short=when_short,
        is_tracked=new.is_tracked,
        price=new.price.amount,
        max_quantity=new.max_quantity,
        category_id=None if new.category is None else categories.id_for(merchant_id, new.category),
        created_at=instant,
        changed_at=instant,
    )
    once = row.on_conflict_do_nothing().returning(Product)
    product = session().execute(once).scalar_one_or_none()
    if product is None:
        raise SkuTaken
    return product
