"""Changing a merchant, where its channels have a say: one switch for all of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from merchant_api.accounts.models import Merchant
from merchant_api.accounts.schemas import MerchantOut, MerchantPatchIn
from merchant_api.channels import switch
from merchant_api.channels.mark import mark
from merchant_api.core.db import make_room
from merchant_api.core.endpoint import endpoint
from merchant_api.shop import change
from merchant_api.shop.merchant_routes import opened


@endpoint(opened, "PATCH", "/<uuid:merchant_id>", needs="merchant.edit", body=MerchantPatchIn, reply=MerchantOut)
def change_merchant(merchant_id: UUID, body: Mapping[str, Any], **_: object) -> Merchant:
    """Change settings; windows hold for what begins from then on."""
    merchant = change.change(merchant_id, body)
    if "is_synchronised" in body:
        switch.follow(merchant_id)
        make_room()  # of the listings of all its channels
        mark(merchant_id)
    return merchant
