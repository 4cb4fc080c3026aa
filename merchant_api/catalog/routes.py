"""The endpoints of categories; products have theirs in shop, where stock has a say."""

from uuid import UUID

from flask import Blueprint

from merchant_api.catalog import categories
from merchant_api.catalog.models import Category
from merchant_api.catalog.schemas import CategoryIn, CategoryNamed, CategoryOut
from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page, PageIn, Window, page_of

catalog = Blueprint("categories", __name__)


@endpoint(catalog, "GET", "", needs="products.read", query=PageIn, reply=page_of(CategoryOut))
def list_categories(merchant_id: UUID, query: Window, **_: object) -> Page[Category]:
    """The merchant's categories, oldest first."""
    return categories.page(merchant_id, query)


@endpoint(catalog, "POST", "", needs="products.edit", body=CategoryIn, reply=CategoryOut, status=201)
def add_category(merchant_id: UUID, body: CategoryNamed, **_: object) -> Category:
    """Add a category."""
    return categories.add(merchant_id, body.name)


@endpoint(catalog, "PATCH", "/<uuid:category_id>", needs="products.edit", body=CategoryIn, reply=CategoryOut)
def rename_category(merchant_id: UUID, category_id: UUID, body: CategoryNamed, **_: object) -> Category:
    """Give a category another name."""
    return categories.rename(merchant_id, category_id, body.name)


@endpoint(catalog, "DELETE", "/<uuid:category_id>", needs="products.edit", status=204)
def remove_category(merchant_id: UUID, category_id: UUID, **_: object) -> None:
    """Remove a category; its products stay, in none."""
    categories.remove(merchant_id, category_id)
