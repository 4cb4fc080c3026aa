"""Opening a merchant, where stock and places exist; accounts has the rest of its endpoints, channels its changing."""

from flask import Blueprint

from merchant_api.accounts.models import Merchant
from merchant_api.accounts.schemas import MerchantOut
from merchant_api.core.endpoint import endpoint
from merchant_api.shop import open as opening
from merchant_api.shop.open import NewMerchant
from merchant_api.shop.schemas import NewMerchantIn

opened = Blueprint("shop", __name__)


@endpoint(
    opened,
    "POST",
    "",
    needs="merchants.open",
    body=NewMerchantIn,
    reply=MerchantOut,
    status=201,
    makes_merchants=True,
)
def open_merchant(body: NewMerchant, **_: object) -> Merchant:
    """Open a merchant with its first location and grade."""
    return opening.open_merchant(body)
