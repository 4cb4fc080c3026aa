"""The model's part for carts, from DESIGN.md: one of a customer, which holds nothing, until it is checked out."""

from tests.machine.things import ENDED_BADLY, Cart

CART_S = 86_400


class Carts:
    """What customers do with their carts; each verb gives "ok" or the code of the refusal due."""

    def fill(self, who, name, units):
        """Put a line in, or set it anew: what would be refused does not enter, but less of it is always possible."""
        cart = self.carts.get(who)
        if cart is None or cart.expires_at <= self.now:
            cart = Cart()
        goods = self.goods[name]
        if units > cart.lines.get(name, 0):
            if goods.is_registration and self._is_registered(who, goods):
                return "already_registered"
            if self._verdict(goods, units) == "refuse":
                return "insufficient_stock"
        cart.lines[name] = units
        cart.expires_at = self.now + CART_S
        self.carts[who] = cart
        return "ok"

    def take_out(self, who, name):
        cart = self.carts[who]
        if cart.expires_at <= self.now:
            return "cart_expired"
        if name not in cart.lines:
            return "not_found"
        del cart.lines[name]
        cart.expires_at = self.now + CART_S
        return "ok"

    def check_out(self, who, terms):
        cart = self.carts[who]
        if cart.expires_at <= self.now:
            return "cart_expired"
        if not cart.lines:
            return "cart_empty"
        said = self.place([(name, units, None) for name, units in cart.lines.items()], terms, who)
        if said == "ok":
            del self.carts[who]
        return said

    def _is_registered(self, who, goods):
        return any(order.who == who and order.state not in ENDED_BADLY and order.has(goods) for order in self.orders)
