"""Change a merchant's settings; the currency only while there is no product, as prices are in it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.lock import lock_merchant_alone
from merchant_api.accounts.merchants import change_merchant
from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Product
from merchant_api.core.db import session
from merchant_api.shop.currency import check_payable
from merchant_api.shop.errors import CurrencyFixed


def change(merchant_id: UUID, given: Mapping[str, Any]) -> Merchant:
    """Set the given columns; raises NotFound, TermsNotAllowed, NotPayable or CurrencyFixed."""
    currency = given.get("currency")
    if currency is not None and currency != lock_merchant_alone(merchant_id).currency:
        check_payable(merchant_id, currency, "currency")
        product = select(Product.id).where(Product.merchant_id == merchant_id).limit(1)
        if session().execute(product).scalar_one_or_none() is not None:
            raise CurrencyFixed
    return change_merchant(merchant_id, given)
