"""An item of a shop becomes a product with its opening stock, its category and its listing; what is odd is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from merchant_api.catalog import categories
from merchant_api.catalog.models import Status
from merchant_api.channels.actor import actor_of
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.runs.compare import within
from merchant_api.channels.shop_items import ShopItem
from merchant_api.core import clock
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.db import session
from merchant_api.core.errors import Refusal
from merchant_api.core.money import Money
from merchant_api.shop import create

LONGEST_NAME, LONGEST_CATEGORY = 200, 80


@dataclass(slots=True)
class ItemsTaken:
    """What became of a page's items, as people are told."""

    problems: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)

    def problem(self, item: ShopItem, why: str) -> None:
        """Say what is wrong with an item."""
        self.problems.append({"shop_id": item.ref.shop_id, "sku": item.sku, "name": item.name, "why": why})

    def change(self, item: ShopItem, what: str, stock: int | None) -> None:
        """Say what an item becomes: `new`, or `listed` with a product that is there."""
        self.changes.append(
            {"shop_id": item.ref.shop_id, "sku": item.sku, "name": item.name, "what": what, "stock": stock}
        )


def add(
    channel: Channel, item: ShopItem, sku: str, currency: str, taken: ItemsTaken, *, does_apply: bool
) -> UUID | None:
    """The product that the item becomes, or would; None where it is only told, or was refused."""
    stock = _opening(item, taken)
    if item.price is None:
        taken.problem(item, "It has no price: it came as a draft.")
    taken.change(item, "new", stock)
    if not does_apply:
        return None
    is_for_sale = item.is_for_sale and item.price is not None
    new = create.NewProduct(
        sku=sku,
        name=item.name.strip()[:LONGEST_NAME] or sku,
        price=item.price or Money(0, currency),
        status=Status.PUBLISHED if is_for_sale else Status.DRAFT,
        is_tracked=stock is not None,
        stock=stock or 0,
        category=_category(channel.merchant_id, item.categories),
    )
    try:
        with session().begin_nested():
            product = create.create(channel.merchant_id, new, actor_of(channel))
            session().add(listing_of(channel, item, product.id))
            session().flush()
    except Refusal as refused:
        taken.problem(item, refused.detail)
        return None
    return product.id


def _opening(item: ShopItem, taken: ItemsTaken) -> int | None:
    if item.sells is None:
        return None
    if item.sells < 0:
        taken.problem(item, f"The shop has {item.sells}: it sold more than it had. It came with none.")
    if item.sells > LARGEST_QUANTITY:
        taken.problem(item, f"The shop has {item.sells}: it came with {LARGEST_QUANTITY}, the most there can be.")
    return min(max(0, item.sells), LARGEST_QUANTITY)


def _category(merchant_id: UUID, names: Sequence[str]) -> str | None:
    """The first of an item's categories, made where there is none of that name."""
    name = next((" ".join(each.split())[:LONGEST_CATEGORY] for each in names if each.strip()), None)
    if name is None:
        return None
    try:
        with session().begin_nested():
            categories.add(merchant_id, name)
    except Refusal:
        pass  # it is there, or several are called so
    try:
        categories.id_for(merchant_id, name)
    except Refusal:
        return None
    return name


def listing_of(channel: Channel, item: ShopItem, product_id: UUID) -> Listing:
    """The listing of an item, with the level that it was read with as the one that is known."""
    at = clock.now()
    level = None if item.sells is None else within(item.sells)
    return Listing(
        merchant_id=channel.merchant_id,
        channel_id=channel.id,
        product_id=product_id,
        shop_id=item.ref.shop_id,
        shop_location=item.ref.location,
        acknowledged=level,
        acknowledged_at=None if level is None else at,
        shop_level=level,
        read_at=None if level is None else at,
        created_at=at,
    )
