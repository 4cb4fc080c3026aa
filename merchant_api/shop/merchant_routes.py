"""Opening a merchant and changing it, where products have a say; accounts has the rest of a merchant's endpoints."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint

from merchant_api.accounts.models import Merchant
from merchant_api.accounts.schemas import MerchantOut, MerchantPatchIn
from merchant_api.core.endpoint import endpoint
from merchant_api.shop import change
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


@endpoint(opened, "PATCH", "/<uuid:merchant_id>", needs="merchant.edit", body=MerchantPatchIn, reply=MerchantOut)
def change_merchant(merchant_id: UUID, body: Mapping[str, Any], **_: object) -> Merchant:
    """Change settings; windows hold for what begins from then on."""
    return change.change(merchant_id, body)
