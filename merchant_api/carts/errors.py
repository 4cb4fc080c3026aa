"""What carts refuse, beside what placing refuses of their lines."""

from merchant_api.core.errors import Conflict, NotFound


class NoSuchLine(NotFound):
    """This product is not in the cart."""


class CartExpired(Conflict):
    """This cart was left alone for too long; open a new one."""

    code = "cart_expired"


class CheckedOut(Conflict):
    """This cart has become an order; open a new one for what comes next."""

    code = "cart_checked_out"


class CartFull(Conflict):
    """No more fits into a cart."""

    code = "cart_full"


class CartEmpty(Conflict):
    """There is nothing in this cart."""

    code = "cart_empty"


class CartChanged(Conflict):
    """The cart is not what you saw: look at it again, and check out what it says now."""

    code = "cart_changed"
