"""Carts as they are shown: each line with its verdict on live stock. Two reads, however many lines,
one more where one of them is a registration, and no lock.

A person sees her own; another's answer like carts that do not exist, to members of the merchant as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from merchant_api.carts.check import Judged, is_for_sale, judge, survey
from merchant_api.carts.models import Cart, CartLine
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.money import Money
from merchant_api.orders.place.ground import Ground, Item
from merchant_api.orders.place.order_row import mode_of
from merchant_api.orders.states import Verdict
from merchant_api.shop.mode import Mode
from merchant_api.stock.models import Grade, Location


class CartStanding(StrEnum):
    """What can be done with a cart: all, or nothing any more."""

    OPEN = "open"
    EXPIRED = "expired"
    CHECKED_OUT = "checked_out"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it lies in the cart, with the names of the places it asks for."""

    row: CartLine
    location: str | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """A cart and what lies in it, in the order in which it was added."""

    cart: Cart
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class CartLineView:
    """A line with what it would meet now, and at which price."""

    line: Line
    item: Item
    judged: Judged
    currency: str

    @property
    def row(self) -> CartLine:
        """The line itself."""
        return self.line.row

    @property
    def sku(self) -> str:
        """As the product is called now; as it was called when it was chosen, where it is not for sale."""
        return self.item.sku if is_for_sale(self.item) else self.line.row.sku

    @property
    def name(self) -> str:
        """As `sku`."""
        return self.item.name if is_for_sale(self.item) else self.line.row.name

    @property
    def unit_price(self) -> Money:
        """The price of one unit: of now, or as `sku`."""
        amount = self.item.price if is_for_sale(self.item) else self.line.row.unit_price
        return Money(amount, self.currency)

    @property
    def line_total(self) -> Money:
        """The price of all its units."""
        return Money(self.unit_price.amount * self.line.row.quantity, self.currency)

    @property
    def is_ok(self) -> bool:
        """Whether checking out would not stumble over it."""
        return self.judged.verdict is not Verdict.REFUSE


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart with its lines."""

    cart: Cart
    lines: Sequence[CartLineView]
    currency: str

    @property
    def total(self) -> Money:
        """What an order of all lines would cost now."""
        return Money(sum(line.line_total.amount for line in self.lines), self.currency)

    @property
    def mode(self) -> Mode | None:
        """What an order of it would be, closed when it would be refused; None without lines."""
        verdicts = {line.judged.verdict for line in self.lines}
        if not verdicts:
            return None
        if Verdict.REFUSE in verdicts:
            return Mode.CLOSED
        return mode_of(verdicts, [line.item for line in self.lines])

    @property
    def state(self) -> CartStanding:
        """Where the cart stands at this moment."""
        return standing(self.cart)


def cart(merchant_id: UUID, cart_id: UUID, actor: Actor) -> CartView:
    """One cart; raises NotFound."""
    return shown(contents(merchant_id, cart_id, actor), actor)


def contents(merchant_id: UUID, cart_id: UUID, actor: Actor) -> Contents:
    """The actor's own cart with what lies in it, both of one moment; raises NotFound."""
    found = _read(merchant_id, Cart.id == cart_id, actor)
    if found is None:
        raise NotFound
    return found


def open_one(merchant_id: UUID, actor: Actor) -> Contents | None:
    """The actor's cart that has become no order yet, expired or not."""
    return _read(merchant_id, Cart.order_id.is_(None), actor)


def _read(merchant_id: UUID, which: ColumnElement[bool], actor: Actor) -> Contents | None:
    rows = (
        select(Cart, CartLine, Location.name, Grade.name)
        .outerjoin(CartLine, and_(CartLine.merchant_id == merchant_id, CartLine.cart_id == Cart.id))
        .outerjoin(Location, and_(Location.merchant_id == merchant_id, Location.id == CartLine.location_id))
        .outerjoin(Grade, and_(Grade.merchant_id == merchant_id, Grade.id == CartLine.grade_id))
        .where(Cart.merchant_id == merchant_id, Cart.person_id == actor.person_id, which)
        .order_by(CartLine.number)
        .execution_options(populate_existing=True)
    )
    found = session().execute(rows).all()
    if not found:
        return None
    return Contents(found[0][0], [Line(*row[1:]) for row in found if row[1] is not None])


def standing(row: Cart) -> CartStanding:
    """Where a cart stands at this moment."""
    if row.order_id is not None:
        return CartStanding.CHECKED_OUT
    return CartStanding.EXPIRED if row.expires_at <= clock.now() else CartStanding.OPEN


def shown(found: Contents, actor: Actor) -> CartView:
    """A cart on live stock."""
    ground = survey(found.cart.merchant_id, [line.row.wanted for line in found.lines], actor)
    return on(ground, found, actor)


def on(ground: Ground, found: Contents, actor: Actor) -> CartView:
    """A cart on ground that was looked at."""
    currency = ground.policy.currency
    judged = judge([line.row.wanted for line in found.lines], ground, actor)
    views = [
        CartLineView(line, ground.items[line.row.product_id], each, currency)
        for line, each in zip(found.lines, judged, strict=True)
    ]
    return CartView(found.cart, views, currency)
