"""Choices: the products that a seller sees who puts together an order for a customer, each with what it would meet.

The verdict is routing's own, on stock as it is now; nothing is locked or kept, so saving decides again. A page costs
four reads, however long.
"""

from dataclasses import dataclass
from uuid import UUID

from merchant_api.catalog.find import ProductsWanted
from merchant_api.core.actor import Actor
from merchant_api.core.paging import Page, Window
from merchant_api.core.sentences.sentence import Sentence
from merchant_api.orders.place.ground import Ground, look
from merchant_api.orders.route import Need, Routed
from merchant_api.orders.states import Verdict
from merchant_api.shop import find as shop
from merchant_api.shop.find import ProductView
from merchant_api.shop.mode import Mode


@dataclass(frozen=True, slots=True)
class Choice:
    """A product, what an order of so many units would meet, and why it can't be chosen; None where it can.

    `available` is what an order can take now, in units; None where they are not counted. Limits are no reason:
    an order for a customer is exempt.
    """

    view: ProductView
    verdict: Verdict
    available: int | None
    why_not: Sentence | None

    @property
    def can_choose(self) -> bool:
        """Whether an order of it would be taken, at once or as a request."""
        return self.why_not is None


def page(merchant_id: UUID, wanted: ProductsWanted, quantity: int, at: Window, actor: Actor) -> Page[Choice]:
    """Products in any status, newest first, with the verdict on `quantity` units of each alone."""
    found = shop.page(merchant_id, wanted, at, actor)
    ground = look(merchant_id, [view.product.id for view in found.items])
    return Page([_choice(view, quantity, ground) for view in found.items], found.next)


def _choice(view: ProductView, quantity: int, ground: Ground) -> Choice:
    product = view.product
    routed = ground.route([Need(0, product.id, quantity)], None)[0]
    there = max(routed.available, 0) if product.is_tracked else None
    why_not = _why_not(view, routed)
    return Choice(view, routed.verdict if why_not is None else Verdict.REFUSE, there, why_not)


def _why_not(view: ProductView, routed: Routed) -> Sentence | None:
    if view.shown.mode is Mode.CLOSED:
        return view.shown.reason
    return routed.reason if routed.verdict is Verdict.REFUSE else None
