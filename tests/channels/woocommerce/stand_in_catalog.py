"""Products and variations of the stand-in: what is shown, what a write does, and what it only seems to do."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from tests.channels.woocommerce.stand_in_php import Refusal, Row, ShopClock, gmt, local, unvalidated, validated


@dataclass
class Thing:
    """A product, or with `parent` a variation of it."""

    id: int
    parent: int = 0
    name: str = "Thing"
    sku: str = ""
    price: str = "15.00"
    type: str = "simple"
    status: str = "publish"
    manages: bool = True
    quantity: int | float | None = 0
    backorders: str = "no"
    categories: tuple[str, ...] = ()
    option: str = ""
    modified: datetime | None = None


@dataclass
class Catalog:
    """`counts` is the setting of the whole shop: with it off writes are taken and change nothing."""

    clock: ShopClock
    counts: bool = True
    things: dict[int, Thing] = field(default_factory=dict)
    ids: count = field(default_factory=lambda: count(11))
    lock: threading.RLock = field(default_factory=threading.RLock)
    told: Callable[[str, int], None] = lambda *_: None

    def add(self, name: str, quantity: int | None = 0, **more: Any) -> Thing:
        thing = Thing(next(self.ids), name=name, quantity=quantity, **more)
        with self.lock:
            self.things[thing.id] = thing
            thing.modified = self.clock.now()
        return thing

    def vary(self, parent: Thing, option: str, quantity: int | None = None, **more: Any) -> Thing:
        more.setdefault("manages", quantity is not None)
        return self.add(option, quantity, parent=parent.id, type="variation", option=option, **more)

    def named(self, shop_id: str) -> Thing:
        return self.things[int(shop_id.rpartition("/")[2])]

    def shop_id(self, thing: Thing) -> str:
        return f"{thing.parent}/{thing.id}" if thing.parent else str(thing.id)

    def stock_of(self, thing: Thing) -> Thing | None:
        """Whose stock it sells from; None: it is not counted."""
        if not self.counts or thing.type in ("grouped", "external"):
            return None
        parent = self.things.get(thing.parent)
        return thing if thing.manages else parent if parent and parent.manages else None

    def move(self, thing: Thing, by: int) -> bool:
        """Move a level as orders do: in one step, below zero too."""
        with self.lock:
            stock = self.stock_of(thing)
            if stock is None:
                return False
            stock.quantity = (stock.quantity or 0) + by
            self.touch(stock)
            return True

    def touch(self, thing: Thing) -> None:
        for each in filter(None, (thing, self.things.get(thing.parent))):
            each.modified = self.clock.now()
        self.told("product.updated", thing.id)

    def remove(self, thing: Thing) -> None:
        """For good: nobody is told."""
        self.things = {id_: each for id_, each in self.things.items() if thing.id not in (id_, each.parent)}

    def write(self, thing: Thing, body: Row, *, is_checked: bool) -> Row:
        with self.lock:
            if "manage_stock" in body and thing.type == "external":
                raise Refusal(400, "product_external_no_manage_stock", "External products cannot be stock managed.")
            quantity = body.get("stock_quantity")
            if "stock_quantity" in body and is_checked:
                quantity = validated(quantity)
            elif quantity is not None:
                quantity = unvalidated(quantity)
            self._store(thing, body, quantity)
            thing.status = body.get("status", thing.status)
            self.touch(thing)
            return self.row(thing)

    def _store(self, thing: Thing, body: Row, quantity: int | None) -> None:
        if not self.counts or thing.type == "grouped":
            return
        if "manage_stock" in body:
            thing.manages = body["manage_stock"] is True
            thing.quantity = thing.quantity if thing.manages else None
        if quantity is not None and self.stock_of(thing):
            thing.quantity = quantity  # out of sight while the parent's is shown

    def row(self, thing: Thing) -> Row:
        stock, parent = self.stock_of(thing), self.things.get(thing.parent)
        shown = thing if not self.counts else stock
        return {
            "id": thing.id,
            "name": thing.name,
            "type": thing.type,
            "status": thing.status,
            "sku": thing.sku or (parent.sku if parent else ""),
            "price": thing.price,
            "manage_stock": stock is not None and (True if stock is thing else "parent"),
            "stock_quantity": shown.quantity if shown else None,
            "stock_status": "instock" if stock is None or (stock.quantity or 0) > 0 else "outofstock",
            "backorders": thing.backorders,
            "categories": [{"id": 1, "name": name, "slug": name.lower()} for name in thing.categories],
            "attributes": [{"id": 1, "name": "Size", "option": thing.option}] if thing.option else [],
            "parent_id": thing.parent,
            "variations": [each.id for each in self.things.values() if each.parent == thing.id],
            "date_modified": local(thing.modified),
            "date_modified_gmt": gmt(thing.modified),
        }
