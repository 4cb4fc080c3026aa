"""Orders as our connector reads them from the stand-in."""

from tests.channels.woocommerce.driver import open_shop


def read(shop, order):
    """An order as it is now."""
    return open_shop(shop).orders_by_id([str(order.id)])[0]


def read_all(shop, mark):
    """Ids in the order of their coming, and the mark behind them."""
    found = []
    while True:
        page = open_shop(shop).orders(mark)
        found += [order.external_id for order in page.orders]
        mark = page.mark
        if not page.has_more:
            return found, mark
