"""Changing a product where its stock has a say: tracking ends only when nobody holds a unit."""

from uuid import UUID

from merchant_api.catalog import edit as catalog
from merchant_api.catalog.edit import ProductChanges
from merchant_api.catalog.lock import lock_product
from merchant_api.catalog.models import Product
from merchant_api.core.db import session
from merchant_api.shop.create import check_currency
from merchant_api.shop.errors import UnitsHeld
from merchant_api.stock.lock import lock_products


def edit(merchant_id: UUID, product_id: UUID, changes: ProductChanges) -> Product:
    """Change a product; raises NoSuchProduct, NotForRegistrations, WrongCurrency, WrongStatus, UnitsHeld."""
    if changes.price is not None:
        check_currency(merchant_id, changes.price)
    product = lock_product(merchant_id, product_id)
    if changes.is_tracked is not None and changes.is_tracked != product.is_tracked:
        _check_nothing_held(merchant_id, product_id)
    catalog.apply(product, changes)
    session().flush()
    return product


def _check_nothing_held(merchant_id: UUID, product_id: UUID) -> None:
    held = sum(balance.held for balance in lock_products(merchant_id, [product_id]).balances.values())
    if held:
        raise UnitsHeld(f"Open orders hold {held} units of this product.", held=held)
