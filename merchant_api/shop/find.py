"""Products as they are shown: with price, live stock, mode and its reason. A page costs three reads, however long."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from merchant_api.accounts.models import Merchant
from merchant_api.catalog import find as catalog
from merchant_api.catalog.models import Category, Product, ProductKind
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.core.paging import Page, Window
from merchant_api.shop.mode import ModeFacts, ShownMode, mode_of
from merchant_api.stock import find as stock
from merchant_api.stock.figures import ProductTotals


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product with what surrounds it."""

    product: Product
    price: Money
    stock: ProductTotals
    category: str | None = None

    @property
    def shown(self) -> ShownMode:
        """Its mode and the reason."""
        row, stock = self.product, self.stock
        return mode_of(ModeFacts(row.status, row.is_tracked, row.when_short, stock.free, stock.owed))

    @property
    def guests_max(self) -> int | None:
        """Guests whom a customer may bring along; None where only the seats limit them, 0 for merchandise."""
        if self.product.kind is ProductKind.MERCHANDISE:
            return 0
        return self.product.max_quantity - 1 if self.product.max_quantity else None


def product(merchant_id: UUID, product_id: UUID, actor: Actor) -> ProductView:
    """One product as the actor may see it; raises NoSuchProduct."""
    return view(catalog.visible(merchant_id, product_id, actor))


def page(merchant_id: UUID, wanted: catalog.ProductsWanted, at: Window, actor: Actor) -> Page[ProductView]:
    """A page of products as the actor may see them."""
    rows = catalog.page(merchant_id, wanted, at, actor)
    return Page(_views(merchant_id, rows.items), rows.next)


def view(row: Product) -> ProductView:
    """A product that is at hand."""
    return _views(row.merchant_id, [row])[0]


def currency(merchant_id: UUID) -> str:
    """The merchant's currency."""
    return session().execute(select(Merchant.currency).where(Merchant.id == merchant_id)).scalar_one()


def _views(merchant_id: UUID, rows: Iterable[Product]) -> list[ProductView]:
    products = list(rows)
    if not products:
        return []
    code, categories = _around(merchant_id, products)
    totals = stock.totals(merchant_id, [row.id for row in products])
    return [
        ProductView(
            row,
            Money(row.price, code),
            totals.get(row.id, ProductTotals()),
            None if row.category_id is None else categories.get(row.category_id),  # removed meanwhile
        )
        for row in products
    ]


def _around(merchant_id: UUID, products: Iterable[Product]) -> tuple[str, dict[UUID, str]]:
    """The merchant's currency and the names of the products' categories, by one read."""
    ids = sorted({row.category_id for row in products if row.category_id is not None})
    rows = (
        select(Merchant.currency, Category.id, Category.name)
        .outerjoin(Category, and_(Category.merchant_id == merchant_id, Category.id.in_(ids)))
        .where(Merchant.id == merchant_id)
    )
    found = session().execute(rows).all()
    return found[0][0], {row[1]: row[2] for row in found if row[1] is not None}
