"""A shop in which everybody has dealt with one customer, and with what she must not learn: people, figures, drafts."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from jobs.telling import people
from merchant_api.catalog.models import Status
from merchant_api.core.db import session
from merchant_api.outbox.models import Event
from merchant_api.stock.models import Location
from tests.http.orders.conftest import Shop
from tests.make.orders import place_one, settle_all
from tests.make.people import make_actor, saved
from tests.make.stock import make_cell, make_product

OTHERS = ("owner", "clerk", "staff", "other customer")
DEGREES = (27.70123, 85.30456)
FIGURES = {"on_hand", "held", "used", "owed", "latitude", "longitude"}


class FullOfSecrets(Shop):
    """`orders` are the customer's: taken, accepted, declined and cancelled, each by somebody else; `cart` is hers."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.mug = make_product(self.merchant, on_hand=9731)
        self.rug = make_product(self.merchant, on_hand=0)
        self.bowl = make_product(self.merchant, on_hand=9)
        self.lamp = make_product(self.merchant, on_hand=5, status=Status.DRAFT, name="Secret lamp", sku="SECRET-1")
        self.vase = make_product(self.merchant, on_hand=5, status=Status.ARCHIVED, name="Retired vase", sku="SECRET-2")
        self._move_stock()
        self._act()
        self._make_a_draft_of_the_bowl()
        people.hear(self.merchant.id, session().scalars(_events(self)).all())
        session().commit()

    def _move_stock(self) -> None:
        make_cell(self.mug, 3, "attic")
        attic = select(Location).where(Location.merchant_id == self.merchant.id, Location.name == "attic")
        place = session().scalars(attic).one()
        place.latitude, place.longitude = DEGREES
        session().commit()
        other = make_actor(person=self.people["other customer"])
        settle_all(place_one([(self.mug, 213)], other))
        place_one([(self.mug, 417)], other)

    def _act(self) -> None:
        who = {"customer": {"person_id": str(self.people["customer"].id)}}
        placed = [
            self.order("customer", self.mug),
            self.order("customer", self.rug, 2),
            self.order("clerk", self.rug, 2, **who),
            self.order("key", self.bowl, **who),
        ]
        self.orders = [reply.json["id"] for reply in placed]
        taken, accepted, declined, cancelled = self.orders
        back = {"lines": [{"line": 0, "quantity": 1, "condition": "resellable"}]}
        for by, path, body in (
            ("clerk", f"{accepted}/accept", {}),
            ("staff", f"{declined}/decline", {"reason": "closed"}),
            ("owner", f"{cancelled}/cancel", {"reason": "no"}),
            ("key", f"{taken}/pickup", None),
            ("clerk", f"{taken}/deliver", None),
            ("owner", f"{taken}/returns", back),
        ):
            assert self.call(by, "POST", f"/orders/{path}", body).status_code in (200, 201)

    def _make_a_draft_of_the_bowl(self) -> None:
        self.cart = self.call("customer", "POST", "/carts").json["id"]
        for product in (self.mug, self.bowl):
            lies = self.call("customer", "PUT", f"/carts/{self.cart}/lines/{product.id}", {"quantity": 2})
            assert lies.status_code == 200
        self.bowl.status, self.bowl.name = Status.DRAFT, "Secret bowl"
        saved(self.bowl)

    @property
    def texts(self) -> set[str]:
        """What is not the customer's to read."""
        named = {self.people[each].name for each in OTHERS} | {"Web shop", "Secret", "SECRET", "Retired"}
        return named | {str(self.people[each].id) for each in OTHERS} | {str(self.lamp.id), str(self.vase.id)}

    @property
    def figures(self) -> set[float]:
        """What is not hers to know of the mug: what lies there, is held and was used, and where."""
        stock = self.call("owner", "GET", f"/products/{self.mug.id}").json["stock"]
        return {float(stock[name]) for name in ("on_hand", "held", "used")} | set(DEGREES)


def _events(shop: Shop) -> Any:
    return select(Event).where(Event.merchant_id == shop.merchant.id).order_by(Event.id)


def leaks(told: Any, texts: set[str], figures: set[float]) -> Iterator[str]:
    """What an answer tells of them, and fields that tell such figures; the units of her own order lines are hers."""
    if isinstance(told, dict):
        own = {"held"} if {"line", "verdict"} <= set(told) else set()
        yield from (f"field {name}" for name in (FIGURES & set(told)) - own if told[name] is not None)
    for value in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from leaks(value, texts, figures)
    if isinstance(told, str):
        yield from (f"text {text}" for text in texts if text in told)
    elif isinstance(told, int | float) and not isinstance(told, bool):
        yield from (f"figure {told}" for figure in figures if figure == told)
