"""Which currencies there are, for whoever draws a form: the list of ISO 4217 is no secret."""

from flask import Blueprint

from merchant_api.accounts.schemas import CurrencyListOut
from merchant_api.core.endpoint import endpoint
from merchant_api.core.gate import PUBLIC
from merchant_api.core.money import Payable, payable

currencies = Blueprint("currencies", __name__)


@endpoint(currencies, "GET", "", needs=PUBLIC, reply=CurrencyListOut)
def list_currencies(**_: object) -> dict[str, list[Payable] | None]:
    """Currencies that people can pay with today, and the digits of their minor units."""
    return {"items": list(payable().values()), "next": None}
