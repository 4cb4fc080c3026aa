"""Opening a merchant, by the staff of the platform; accounts has the rest of a merchant's endpoints."""

from flask import Blueprint

from merchant_api.accounts.models import Merchant
from merchant_api.accounts.schemas import MerchantOut
from merchant_api.core.http import endpoint
from merchant_api.shop import open as opening
from merchant_api.shop.open import NewMerchant
from merchant_api.shop.schemas import NewMerchantIn

opened = Blueprint("shop", __name__)


@endpoint(opened, "POST", "", needs="merchants.open", body=NewMerchantIn, reply=MerchantOut, status=201)
def open_merchant(body: NewMerchant, **_: object) -> Merchant:
    """Open a merchant with its first location and grade."""
    return opening.open_merchant(body)
