"""The machine's rules for carts: filled, emptied, checked out once and again."""

from hypothesis import strategies as st
from sqlalchemy import select

from merchant_api.accounts.models import Customer, Terms
from merchant_api.carts import checkout, edit, find
from merchant_api.carts.checkout import Checkout, Known
from merchant_api.carts.edit import CartLineAsked
from merchant_api.carts.models import Cart, CartLine
from merchant_api.carts.open import open_cart
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.errors import Refusal
from merchant_api.orders.place.placement import Placed
from tests.machine.after import ANY, CUSTOMERS, which
from tests.machine.unproven_model import STRANGER
from tests.make.carts import by_id
from tests.make.orders import guests_of

who = st.sampled_from(range(len(CUSTOMERS)))


def given_of(names):
    """What each rule is given; `names` are those of the products."""
    return {
        "fill": {"who": who, "name": names, "units": st.integers(1, 5)},
        "take_out": {"number": which, "line": st.integers(0, 3)},
        "want_less": {"number": which, "line": st.integers(0, 3)},
        "check_out": {
            "number": which,
            "terms": st.sampled_from([None, None, Terms.ON_DELIVERY, Terms.AFTER_ACCEPTANCE]),
        },
        "check_out_again": {"again": st.integers(0, 3)},
    }


def make_known(merchant_id):
    """Let the merchant know the customers, and trust all but one of them."""
    given = {"phone": None, "email": None, "created_at": clock.now()}
    session().add_all(
        Customer(
            merchant_id=merchant_id,
            person_id=actor.person_id,
            name=actor.name,
            is_trusted=number != STRANGER,
            **given,
        )
        for number, actor in enumerate(CUSTOMERS)
    )
    session().commit()


OFTEN = ["fill"] * 3 + ["check_out"] * 4 + ["want_less"]


class Carts:
    """Rules of a machine that has `shop`, `merchant_id`, `products`, `ids`, `instant` and `compare`."""

    def fill(self, who, name, units):
        product, actor = self.products[name], CUSTOMERS[who]
        wish = CartLineAsked(units, guests_of(product, units))

        def work():
            cart = open_cart(self.merchant_id, actor).view.cart
            edit.put(self.merchant_id, cart.id, product.id, wish, actor)

        self.compare(work, self.shop.fill(who, name, units))

    def take_out(self, number, line):
        if self.shop.carts:
            who = self.one_with_a_cart(number)
            cart_id, actor = self.cart_of(who), CUSTOMERS[who]
            names = list(self.shop.carts[who].lines) or ["mug"]
            name = names[line % len(names)]
            expected = self.shop.take_out(who, name)
            self.compare(lambda: edit.remove(self.merchant_id, cart_id, self.products[name].id, actor), expected)

    def want_less(self, number, line):
        """What is sold out meanwhile may stay in the cart, and less of it may."""
        if self.shop.carts:
            who = self.one_with_a_cart(number)
            lines = list(self.shop.carts[who].lines.items()) or [("seat", 2)]
            name, units = lines[line % len(lines)]
            self.set_available(name, 0)
            self.fill(who, name, max(1, units - 1))

    def check_out(self, number, terms):
        if not self.shop.carts:
            return
        who = self.one_with_a_cart(number)
        cart_id, actor = self.cart_of(who), CUSTOMERS[who]
        expected = self.shop.check_out(who, terms and terms.value)
        with clock.clock.pinned(self.instant):
            try:
                result = self.checks_out(cart_id, actor, terms)
                assert isinstance(result, Placed)
                self.ids.append(result.view.order.id)
                self.checked_out.append((cart_id, who, self.ids[-1]))
                said = "ok"
            except Refusal as refusal:
                said = refusal.code
        assert said == expected, f"{said}, not {expected}"

    def check_out_again(self, again):
        """A cart that has become an order gives that order, and no other one."""
        if self.checked_out:
            cart_id, who, order_id = self.checked_out[again % len(self.checked_out)]
            with clock.clock.pinned(self.instant):
                result = self.checks_out(cart_id, CUSTOMERS[who], None)
            assert isinstance(result, Known)
            assert result.answer.body == str(order_id).encode()

    def checks_out(self, cart_id, actor, terms):
        session().rollback()
        try:
            return checkout.check_out(self.merchant_id, cart_id, Checkout(terms), actor, None, by_id)
        finally:
            session().rollback()

    def one_with_a_cart(self, number):
        """Mostly one in whose cart something lies."""
        filled = [who for who, cart in self.shop.carts.items() if cart.lines]
        people = filled if filled and number < ANY else list(self.shop.carts)
        return people[number % len(people)]

    def cart_of(self, who):
        session().rollback()
        return find.open_one(self.merchant_id, CUSTOMERS[who]).cart.id

    def carts_lie_as_in_the_model(self):
        session().rollback()
        rows = (
            select(Cart.person_id, CartLine.product_id, CartLine.quantity)
            .join(CartLine, (CartLine.merchant_id == Cart.merchant_id) & (CartLine.cart_id == Cart.id))
            .where(Cart.merchant_id == self.merchant_id)
            .order_by(Cart.person_id, CartLine.number)
        )
        found = [tuple(row) for row in session().execute(rows)]
        assert found == [
            (CUSTOMERS[who].person_id, self.products[name].id, units)
            for who, cart in sorted(self.shop.carts.items(), key=lambda item: CUSTOMERS[item[0]].person_id)
            for name, units in cart.lines.items()
        ]
