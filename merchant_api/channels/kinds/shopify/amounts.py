"""Shopify's money: decimals in text, in the shop's currency. Unit prices are approximate, so they are rounded."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from merchant_api.core.money import LARGEST, Money, is_currency, precision


def money(amount: Any, currency: str) -> Money | None:
    """An amount in minor units; None for what is no amount of a currency."""
    try:
        figure = Decimal(str(amount)).scaleb(precision(currency)) if is_currency(currency) else Decimal("nan")
    except InvalidOperation:
        return None
    if not figure.is_finite() or not 0 <= figure <= LARGEST:
        return None
    return Money(int(figure.quantize(Decimal(1), ROUND_HALF_UP)), currency)


def shop_money(bag: Mapping[str, Any]) -> Money | None:
    """The part of a MoneyBag that is in the shop's currency."""
    part = bag["shopMoney"]
    return money(part["amount"], part["currencyCode"])
