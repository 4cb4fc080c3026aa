"""What money may be in: a currency that people pay with today, or the one that the merchant has had since earlier."""

from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.accounts.schemas import NOT_PAYABLE
from merchant_api.core.db import session
from merchant_api.core.money import is_payable
from merchant_api.shop.errors import NotPayable


def check_payable(merchant_id: UUID, code: str, field: str) -> None:
    """Raise NotPayable for a currency that nobody pays with and the merchant does not have; `field` is where it stood.

    Asks the database only where the list says no.
    """
    if is_payable(code):
        return
    own = select(Merchant.id).where(Merchant.id == merchant_id, Merchant.currency == code)
    if session().execute(own).scalar_one_or_none() is None:
        raise NotPayable(errors={field: [NOT_PAYABLE]})
