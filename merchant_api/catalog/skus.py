"""Products by their SKUs, in any case, Unicode form and blanks: what files and other systems know them by."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from merchant_api.catalog.models import Product
from merchant_api.core.named import candidates


def meant(merchant_id: UUID, skus: Iterable[str]) -> dict[str, list[Row[Any]]]:
    """The products that each SKU may mean, by one read: `id`, `name` (the SKU as it is kept) and `is_tracked`.

    One product where the SKU is known, several where older ones differ by case, Unicode form or blanks alone and none
    is spelt exactly so; a SKU that there is not is left out.
    """
    return candidates(Product.sku, Product.sku_key, merchant_id, skus, Product.id, Product.is_tracked)
