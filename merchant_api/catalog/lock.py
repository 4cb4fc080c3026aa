"""The lock on a product's row, taken before any of its cells."""

from uuid import UUID

from sqlalchemy import select

from merchant_api.catalog.errors import NoSuchProduct
from merchant_api.catalog.models import Product
from merchant_api.core.db import session


def lock_product(merchant_id: UUID, product_id: UUID) -> Product:
    """The product as it is now, `FOR NO KEY UPDATE`; raises NoSuchProduct."""
    rows = select(Product).where(Product.merchant_id == merchant_id, Product.id == product_id)
    locked = rows.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session().execute(locked).scalar_one_or_none()
    if found is None:
        raise NoSuchProduct
    return found
