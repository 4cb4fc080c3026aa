"""Reading products: one, or a page of them. Customers see what is published, and nothing else exists for them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from merchant_api.catalog import categories
from merchant_api.catalog.errors import NoSuchProduct
from merchant_api.catalog.models import Product, Status
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.names import key, tidy
from merchant_api.core.paging import Page, Window, newest_first


@dataclass(frozen=True, slots=True)
class ProductsWanted:
    """Which products a list shows; `words` are part of the name or the SKU, in any case; `category` is a name."""

    status: Status | None = None
    words: str | None = None
    category: str | None = None


def product(merchant_id: UUID, product_id: UUID) -> Product:
    """A product of the merchant in any status; raises NoSuchProduct."""
    row = select(Product).where(Product.merchant_id == merchant_id, Product.id == product_id)
    found = session().execute(row).scalar_one_or_none()
    if found is None:
        raise NoSuchProduct
    return found


def visible(merchant_id: UUID, product_id: UUID, actor: Actor) -> Product:
    """A product that the actor may see; raises NoSuchProduct for a draft that a customer asks for."""
    found = product(merchant_id, product_id)
    if found.status is not Status.PUBLISHED and not actor.is_seller:
        raise NoSuchProduct
    return found


def page(merchant_id: UUID, wanted: ProductsWanted, at: Window, actor: Actor) -> Page[Product]:
    """A page of the products that the actor may see, newest first."""
    rows = select(Product).where(Product.merchant_id == merchant_id)
    if not actor.is_seller:
        rows = rows.where(Product.status == Status.PUBLISHED)
    if wanted.status is not None:
        rows = rows.where(Product.status == wanted.status)
    if wanted.category is not None:
        rows = rows.where(Product.category_id == categories.sought(merchant_id, wanted.category))
    if wanted.words:
        rows = rows.where(or_(*in_words(wanted.words)))
    return newest_first(rows, Product.id, at)


def in_words(words: str) -> list[ColumnElement[bool]]:
    """Products that have the words in their name or SKU; words that show nothing are in no key."""
    found = [
        Product.name.icontains(words, autoescape=True),
        Product.sku.icontains(tidy(words), autoescape=True),
    ]
    if key(words):
        found.append(Product.sku_key.contains(key(words), autoescape=True))
    return found
