"""The one locked read of placing: the merchant's settings, the products, and their cells locked in order.

Cells are locked sorted by primary key (facts: unsorted locks deadlock), those of untracked products not at all.
Who only wants to know what an order would meet reads the same without locks.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ARRAY, Row, TextClause, Uuid, bindparam, text

from merchant_api.accounts import known
from merchant_api.accounts.models import Allocation, Terms
from merchant_api.catalog.models import Fulfilment, ProductKind, Status, WhenShort
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.orders.deadlines import Windows
from merchant_api.orders.merchant import SELECTED_SQL, shop_of, windows_of
from merchant_api.orders.payload import Shop
from merchant_api.orders.place import strangers
from merchant_api.orders.place.placement import Placement
from merchant_api.orders.place.strangers import Found
from merchant_api.orders.registrations import RegisteredBy, Seat
from merchant_api.orders.route import Need, Routed, Shelf, route
from merchant_api.orders.unproven import Bounds, Stranger, asked
from merchant_api.stock.ledger import Balance, Book, CellKey
from merchant_api.stock.nearest import Point, nearest_first, point_in

_PARAMETERS = (bindparam("merchant_id", type_=Uuid()), bindparam("products", type_=ARRAY(Uuid())))
_READ = f"""
    WITH locked AS (
        SELECT cells.product_id, cells.location_id, cells.grade_id, on_hand, held, used, seq
        FROM cells JOIN products ON products.merchant_id = cells.merchant_id AND products.id = cells.product_id
        WHERE cells.merchant_id = :merchant_id AND products.merchant_id = :merchant_id
            AND cells.product_id = ANY(:products) AND products.is_tracked
        ORDER BY cells.product_id, cells.location_id, cells.grade_id
        FOR NO KEY UPDATE OF cells
    )
    SELECT {SELECTED_SQL}, merchants.currency, merchants.allowed_terms, merchants.default_terms,
        merchants.unpaid_orders_cap, merchants.allocation,
        merchants.unproven_open_orders, merchants.unproven_units, merchants.unproven_share_percent,
        products.id AS product_id, products.sku, products.name, products.status, products.kind, products.fulfilment,
        products.when_short, products.is_tracked, products.price, products.max_quantity,
        locked.location_id, locked.grade_id, locked.on_hand, locked.held, locked.used, locked.seq,
        locations.latitude, locations.longitude, locations.name AS location, grades.name AS grade
    FROM merchants
    LEFT JOIN products ON products.merchant_id = :merchant_id AND products.id = ANY(:products)
    LEFT JOIN locked ON locked.product_id = products.id
    LEFT JOIN locations ON locations.merchant_id = :merchant_id AND locations.id = locked.location_id
    LEFT JOIN grades ON grades.merchant_id = :merchant_id AND grades.id = locked.grade_id
    WHERE merchants.id = :merchant_id
    ORDER BY locations.rank, grades.rank, locked.location_id, locked.grade_id
    """  # noqa: S608 - our own columns
_LOOK = _READ.replace("FOR NO KEY UPDATE OF cells", "")


def _with_people(sql: str) -> TextClause:
    """The same read, which also says who of some people is not proven yet."""
    beside = f"WITH {strangers.SQL}, locked AS"
    sql = sql.replace("WITH locked AS", beside).replace(
        "SELECT merchants", "SELECT (SELECT found FROM strangers), merchants"
    )
    return text(sql).bindparams(*_PARAMETERS, strangers.PEOPLE)


_STATEMENTS = {sql: (text(sql).bindparams(*_PARAMETERS), _with_people(sql)) for sql in (_READ, _LOOK)}


@dataclass(frozen=True, slots=True)
class Policy:
    """How a merchant sells: for which money, on which terms, how much unpaid, and from which places first."""

    currency: str
    allowed_terms: list[str] | None
    default_terms: Terms | None
    unpaid_orders_cap: int
    is_nearest_first: bool
    unproven: Bounds


@dataclass(frozen=True, slots=True)
class Item:
    """A product as it is sold now."""

    product_id: UUID
    sku: str
    name: str
    status: Status
    kind: ProductKind
    fulfilment: Fulfilment
    price: int
    max_quantity: int
    shelf: Shelf

    @property
    def is_registration(self) -> bool:
        """Whether its units are seats, for people with names."""
        return self.kind is ProductKind.REGISTRATION


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that placing decides on, as it is under the locks.

    `book`, `registered` and `strangers` also know what the batch's own orders took. `strangers` are those who order for
    themselves and are not proven yet.
    """

    shop: Shop
    windows: Windows
    policy: Policy
    items: dict[UUID, Item]
    book: Book
    points: dict[UUID, Point]
    registered: dict[Seat, RegisteredBy] = field(default_factory=dict)
    strangers: Found = field(default_factory=dict)

    def is_registration(self, product_id: UUID) -> bool:
        """Whether it is a product of this merchant whose units are seats."""
        return product_id in self.items and self.items[product_id].is_registration

    def copy(self) -> Self:
        """The same ground once more, for a batch that may have to be drawn up again."""
        known = {person_id: stranger.copy() for person_id, stranger in self.strangers.items()}
        return replace(self, book=self.book.copy(), registered=dict(self.registered), strangers=known)

    def route(
        self, needs: Sequence[Need], deliver_to: Mapping[str, Any] | None, when_short: WhenShort | None = None
    ) -> dict[int, Routed]:
        """A verdict per need on what is available now; `when_short` stands for that of every product."""
        shelves = self._shelves({need.product_id for need in needs}, deliver_to)
        if when_short is not None:
            shelves = {product_id: replace(shelf, when_short=when_short) for product_id, shelf in shelves.items()}
        return route(needs, shelves, self.book.available(cell for shelf in shelves.values() for cell in shelf.cells))

    def stranger(self, placement: Placement) -> Stranger | None:
        """What the customer has at once, where he orders for himself and is not proven yet."""
        return self.strangers.get(placement.customer.person_id) if placement.is_own else None

    def asked(self, needs: Sequence[Need], routed: Mapping[int, Routed], stranger: Stranger) -> dict[int, Routed]:
        """The verdicts as they are for one who is not proven: what goes beyond his bounds is asked."""
        available = {
            product_id: sum(self.book.balances[cell].available for cell in shelf.cells)
            for product_id in {need.product_id for need in needs}
            if (shelf := self.items[product_id].shelf).is_tracked
        }
        return asked(needs, routed, stranger, self.policy.unproven, available)

    def _shelves(self, products: Iterable[UUID], deliver_to: Mapping[str, Any] | None) -> dict[UUID, Shelf]:
        """What products offer; the nearest location first where the merchant chose so and both ends are known."""
        shelves = {product_id: self.items[product_id].shelf for product_id in products}
        towards = point_in(deliver_to) if self.policy.is_nearest_first else None
        if towards is None:
            return shelves
        return {
            product_id: replace(shelf, cells=nearest_first(shelf.cells, self.points, towards))
            for product_id, shelf in shelves.items()
        }


def read_locked(merchant_id: UUID, products: Collection[UUID], people: Collection[UUID] = ()) -> Ground:
    """Lock the cells of some products and read what placing needs, `people` ordering for themselves.

    Raises NotFound for an unknown merchant.
    """
    return _ground(_READ, merchant_id, products, people)


def read_in_turn(merchant_id: UUID, products: Collection[UUID], people: Collection[UUID] = ()) -> Ground:
    """The same after a stranger was outrun by an order of his own: he is locked, and what he has is read again."""
    ground = _ground(_READ, merchant_id, products, people)
    if ground.strangers:
        known.lock(merchant_id, ground.strangers)
        ground.strangers.update(strangers.read(merchant_id, products, ground.strangers))
    return ground


def look(merchant_id: UUID, products: Iterable[UUID], people: Collection[UUID] = ()) -> Ground:
    """The same as it is at this moment, without a lock: nothing is decided on it, and its book is never written."""
    return _ground(_LOOK, merchant_id, products, people)


def _ground(sql: str, merchant_id: UUID, products: Iterable[UUID], people: Collection[UUID]) -> Ground:
    alone, with_people = _STATEMENTS[sql]
    given: dict[str, Any] = {"merchant_id": merchant_id, "products": sorted(set(products))}
    if people:
        rows = session().execute(with_people, given | {"people": sorted(people)}).all()
    else:
        rows = session().execute(alone, given).all()
    if not rows:
        raise NotFound
    balances: dict[CellKey, Balance] = {}
    cells: dict[UUID, list[CellKey]] = {}
    points: dict[UUID, Point] = {}
    for row in rows:
        if row.location_id is not None:
            key = (row.product_id, row.location_id, row.grade_id)
            balances[key] = Balance(row.on_hand, row.held, row.used, row.seq)
            cells.setdefault(row.product_id, []).append(key)
            if row.latitude is not None:
                points[row.location_id] = Point(row.latitude, row.longitude)
    items = {row.product_id: _item(row, cells.get(row.product_id, [])) for row in rows if row.product_id is not None}
    merchant = rows[0]
    return Ground(
        shop=shop_of(merchant),
        windows=windows_of(merchant),
        policy=_policy(merchant),
        items=items,
        book=Book(merchant_id, balances),
        points=points,
        strangers=strangers.found_in(merchant.found) if people else {},
    )


def _policy(row: Row[Any]) -> Policy:
    return Policy(
        currency=row.currency,
        allowed_terms=row.allowed_terms,
        default_terms=None if row.default_terms is None else Terms(row.default_terms),
        unpaid_orders_cap=row.unpaid_orders_cap,
        is_nearest_first=row.allocation == Allocation.NEAREST,
        unproven=Bounds(row.unproven_open_orders, row.unproven_units, row.unproven_share_percent),
    )


def _item(row: Row[Any], cells: list[CellKey]) -> Item:
    return Item(
        product_id=row.product_id,
        sku=row.sku,
        name=row.name,
        status=Status(row.status),
        kind=ProductKind(row.kind),
        fulfilment=Fulfilment(row.fulfilment),
        price=row.price,
        max_quantity=row.max_quantity,
        shelf=Shelf(row.is_tracked, WhenShort(row.when_short), cells),
    )
