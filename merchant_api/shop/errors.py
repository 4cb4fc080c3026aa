"""What the shop refuses."""

from merchant_api.core.errors import Conflict, Invalid


class WrongCurrency(Invalid):
    """Money here is in the merchant's currency."""

    code = "wrong_currency"


class NotPayable(Invalid):
    """Nobody pays with this currency today."""

    code = "not_payable"


class CurrencyFixed(Conflict):
    """The currency is fixed by the first product."""

    code = "currency_fixed"


class StockOfUntracked(Invalid):
    """A product without tracking has no opening stock."""

    code = "stock_of_untracked"


class UnitsHeld(Conflict):
    """Open orders hold units of this product: tracking ends once they are settled or released."""

    code = "units_held"


class NoSuchOwner(Invalid):
    """Nobody signs in with that login."""

    code = "no_such_owner"
