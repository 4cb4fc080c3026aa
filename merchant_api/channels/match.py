"""Items of a shop and our products brought together while somebody waits, a page of the shop at a time.

A transaction reads what the shop is asked with, the shop is asked without one, and one more judges, or lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from merchant_api.accounts.merchants import find_merchant
from merchant_api.channels import acceptable, candidates, dial, find, listings
from merchant_api.channels.candidates import Candidate
from merchant_api.channels.check import WITHIN_S
from merchant_api.channels.connector import ShopAccess
from merchant_api.channels.errors import NoItems, ShopUnasked
from merchant_api.channels.faults import ShopFault
from merchant_api.channels.mark import mark
from merchant_api.channels.shop_items import ItemPage
from merchant_api.channels.shop_levels import ItemRef
from merchant_api.channels.states import ChannelKind
from merchant_api.channels.told import readable
from merchant_api.core.db import in_transaction, session
from merchant_api.core.seal import Unsealable


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """A page of the shop's items; `listed` is how many of them were listed just now, and are not among them."""

    items: Sequence[Candidate]
    next: str | None
    of: int | None
    listed: int = 0


def page(merchant_id: UUID, channel_id: UUID, cursor: str | None) -> CandidatePage:
    """A page of items with what they stand for; raises NotFound, NoItems, ShopUnasked."""
    told = _asked(merchant_id, channel_id, cursor)
    found = in_transaction(lambda: candidates.judged(merchant_id, channel_id, told.items))
    return CandidatePage(found, told.cursor, told.of)


def match(merchant_id: UUID, channel_id: UUID, cursor: str | None) -> CandidatePage:
    """List the products of a page that are clear; gives those that people have to decide. Raises as `page`."""
    told = _asked(merchant_id, channel_id, cursor)
    return in_transaction(lambda: _match(merchant_id, channel_id, told))


def _match(merchant_id: UUID, channel_id: UUID, told: ItemPage) -> CandidatePage:
    channel = find.locked(merchant_id, channel_id)
    found = candidates.judged(merchant_id, channel_id, told.items)
    clear = [each for each in found if each.is_clear]
    for each in clear:
        listings.make(channel, each.products[0].product_id, ItemRef(each.shop_id, each.shop_location))
    session().flush()
    if clear:
        mark(merchant_id, channel_id=channel_id, product_ids=[each.products[0].product_id for each in clear])
    left = [each for each in found if each.listed_product_id is None and not each.is_clear]
    return CandidatePage(left, told.cursor, told.of, len(clear))


def _asked(merchant_id: UUID, channel_id: UUID, cursor: str | None) -> ItemPage:
    try:
        kind, access = in_transaction(lambda: _read(merchant_id, channel_id))
        shop = dial.asked(lambda: dial.open_shop(kind, access, WITHIN_S))
        return dial.asked(lambda: candidates.plain(shop.items(cursor)))
    except Unsealable:
        raise ShopUnasked("No key of this installation opens the credentials: give them again.") from None
    except ShopFault as fault:
        raise ShopUnasked(readable(str(fault))) from fault


def _read(merchant_id: UUID, channel_id: UUID) -> tuple[ChannelKind, ShopAccess]:
    row = find.one(merchant_id, channel_id)
    if not acceptable.connector(row.kind).abilities.has_items:
        raise NoItems
    return row.kind, dial.access_of(row, find_merchant(merchant_id).currency)
