"""What channels' orders are refused for; what a shop has sold is never refused, but parked."""

from merchant_api.core.errors import Conflict, Unauthenticated


class SaleMoved(Conflict):
    """The order was applied by somebody else at the same moment: look again."""

    code = "sale_moved"


class SaleSolved(Conflict):
    """Nothing is wrong with this order any more."""

    code = "sale_solved"


class NotTheShop(Unauthenticated):
    """This is not signed as the shop signs."""

    code = "bad_signature"
