"""What channels refuse."""

from merchant_api.core.errors import Conflict, NotFound


class TooManyChannels(Conflict):
    """This merchant has as many channels as there can be."""

    code = "too_many_channels"


class PrimaryFixed(Conflict):
    """The import from the primary channel was started, so it stays the primary one."""

    code = "primary_fixed"


class ItemListed(Conflict):
    """Another product is listed as this item of the shop."""

    code = "item_listed"


class NotListed(NotFound):
    """This product is not listed on this channel."""

    code = "not_listed"


class ShopUnasked(Conflict):
    """The shop could not be asked just now."""

    code = "shop_not_asked"


class NoItems(Conflict):
    """Shops of this kind do not tell what they sell: list products by hand."""

    code = "no_items"
