"""Money of a Vendure in ours: integers both, but with as many digits as its server was set to, for any currency."""

from merchant_api.core.money import Money, precision


def money(amount: int, currency: str, digits: int) -> Money | None:
    """The same amount in our minor units; None where they are too coarse for it."""
    more = precision(currency) - digits
    if more >= 0:
        return Money(amount * 10**more, currency)
    whole, rest = divmod(amount, 10**-more)
    return None if rest else Money(whole, currency)
