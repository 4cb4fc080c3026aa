"""What every order reads of its merchant, shop and windows, in one list of columns whichever statement reads them."""

from typing import Any

from sqlalchemy import Label, Row

from merchant_api.accounts.models import Merchant
from merchant_api.orders.deadlines import Windows
from merchant_api.orders.payload import Shop

_COLUMNS = ("name", "locale", "time_zone", "respond_window_s", "pay_window_s", "pay_grace_s", "cancel_window_s")
SELECTED: tuple[Label[Any], ...] = tuple(getattr(Merchant, column).label(f"merchant_{column}") for column in _COLUMNS)
SELECTED_SQL = ", ".join(f"merchants.{column} AS merchant_{column}" for column in _COLUMNS)


def shop_of(row: Row[Any]) -> Shop:
    """The shop in a row that has the columns above."""
    return Shop(row.merchant_name, row.merchant_locale, row.merchant_time_zone)


def windows_of(row: Row[Any]) -> Windows:
    """The windows in a row that has the columns above."""
    return Windows(
        respond_s=row.merchant_respond_window_s,
        pay_s=row.merchant_pay_window_s,
        grace_s=row.merchant_pay_grace_s,
        cancel_s=row.merchant_cancel_window_s,
    )
