"""What can be wrong with a shop as a whole: raised by connectors, shown to people, and decisive for the next try.

`str()` is a sentence that says what to do; `response` is what was received, cut, for people to read.
"""

TEXT_CHARACTERS = 500


class ShopFault(Exception):
    """Something is wrong with the shop or with our access to it."""

    def __init__(self, why: str, text: str = "", status: int | None = None, after_s: float = 0.0) -> None:
        super().__init__(why)
        self.text = text[:TEXT_CHARACTERS]
        self.status = status
        self.after_s = after_s


class ShopAway(ShopFault):
    """No answer in time, 5xx, or an answer that is none: it passes by itself."""


class ShopBusy(ShopFault):
    """The shop asks for patience, for `after_s` where it says how long."""


class ShopDenies(ShopFault):
    """The credentials are wrong, or lack a right: it passes when somebody changes them."""


class ShopOdd(ShopFault):
    """The shop answers something that its kind does not: what was asked can't be done with it until it is changed."""


class BadShopSignature(Exception):
    """A call that the shop did not sign."""
