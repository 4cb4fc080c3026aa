"""The endpoints of products."""

from uuid import UUID

from flask import Blueprint

from merchant_api.catalog.edit import ProductChanges
from merchant_api.catalog.find import ProductsWanted
from merchant_api.core.actor import Actor
from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page, page_of
from merchant_api.shop import create as creating
from merchant_api.shop import edit as editing
from merchant_api.shop import find
from merchant_api.shop.create import NewProduct
from merchant_api.shop.find import ProductView
from merchant_api.shop.schemas import LevelIn, NewProductIn, ProductChangesIn, ProductList, ProductListIn, ProductOut
from merchant_api.stock import adjust
from merchant_api.stock.adjust import Level

products = Blueprint("products", __name__)


@endpoint(products, "GET", "", needs="products.read", query=ProductListIn, reply=page_of(ProductOut))
def list_products(merchant_id: UUID, query: ProductList, actor: Actor) -> Page[ProductView]:
    """Products, newest first; customers see the published ones."""
    return find.page(merchant_id, ProductsWanted(query.status, query.q, query.category), query.at, actor)


@endpoint(products, "POST", "", needs="products.edit", body=NewProductIn, reply=ProductOut, status=201)
def create_product(merchant_id: UUID, body: NewProduct, actor: Actor) -> ProductView:
    """Create a product with its opening stock."""
    return find.view(creating.create(merchant_id, body, actor))


@endpoint(products, "GET", "/<uuid:product_id>", needs="products.read", reply=ProductOut)
def get_product(merchant_id: UUID, product_id: UUID, actor: Actor) -> ProductView:
    """A product, its stock and its mode."""
    return find.product(merchant_id, product_id, actor)


@endpoint(products, "PATCH", "/<uuid:product_id>", needs="products.edit", body=ProductChangesIn, reply=ProductOut)
def edit_product(merchant_id: UUID, product_id: UUID, body: ProductChanges, **_: object) -> ProductView:
    """Change a product; draft, publish or archive it."""
    return find.view(editing.edit(merchant_id, product_id, body))


@endpoint(products, "PUT", "/<uuid:product_id>/stock", needs="stock.edit", body=LevelIn, reply=ProductOut)
def set_stock(merchant_id: UUID, product_id: UUID, body: Level, actor: Actor) -> ProductView:
    """Set what is available, by one figure."""
    adjust.set_available(merchant_id, product_id, body, actor)
    return find.product(merchant_id, product_id, actor)
