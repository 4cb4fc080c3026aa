"""Which product a line of a shop's order is: what was recorded or chosen, then its listing, then its SKU.

A SKU counts without its blanks and its case, and only where exactly one product has it: nothing is guessed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from merchant_api.catalog.models import Product
from merchant_api.channels.models import Listing
from merchant_api.channels.sales.applied import AppliedSale
from merchant_api.channels.sales.source import Source
from merchant_api.channels.shop_orders import ShopLine, ShopOrder
from merchant_api.core.db import session
from merchant_api.core.names import key

Candidates = dict[str, set[UUID]]


@dataclass(slots=True)
class ProductsFound:
    """The product of each line by the line's key, and a sentence for each that has none."""

    products: dict[str, UUID] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def products_of(source: Source, order: ShopOrder, applied: AppliedSale) -> ProductsFound:
    """Look at all lines that took something; two or three reads, none where all of them were recorded before."""
    found = ProductsFound({each: line.product_id for each, line in applied.lines.items()})
    found.products |= {each: product_id for each, product_id in applied.chosen.items() if each not in found.products}
    open_ = [(n, line) for n, line in enumerate(order.lines, 1) if line.taken > 0 and line.key not in found.products]
    if not open_:
        return found
    lines = [line for _, line in open_]
    known = _known(source.merchant_id, {line.product_id for line in lines if line.product_id is not None})
    listed = _listed(source, {line.shop_id for line in lines if line.shop_id})
    by_sku = _by_sku(source.merchant_id, {key(line.sku) for line in lines if line.sku})
    for number, line in open_:
        candidates = _candidates(line, known, listed, by_sku)
        if len(candidates) == 1:
            found.products[line.key] = next(iter(candidates))
        else:
            found.problems.append(_sentence(number, line, len(candidates)))
    return found


def _candidates(line: ShopLine, known: Collection[UUID], listed: Candidates, by_sku: Candidates) -> set[UUID]:
    if line.product_id is not None:
        return {line.product_id} & set(known)
    if line.shop_id in listed:
        return listed[line.shop_id]
    return by_sku.get(key(line.sku), set()) if line.sku else set()


def _sentence(number: int, line: ShopLine, candidates: int) -> str:
    sku = f"SKU {line.sku}" if line.sku else "no SKU"
    named = f"Line {number} ({line.name}, {sku})"
    if candidates:
        return f"{named} may be {candidates} products: say which one it is."
    return f"{named} is no product here: say which one it is, or list it and try again."


def _known(merchant_id: UUID, wanted: Collection[UUID]) -> set[UUID]:
    if not wanted:
        return set()
    rows = select(Product.id).where(Product.merchant_id == merchant_id, Product.id.in_(sorted(wanted)))
    return set(session().execute(rows).scalars())


def _listed(source: Source, shop_ids: Collection[str]) -> Candidates:
    if not shop_ids:
        return {}
    rows = select(Listing.shop_id, Listing.product_id).where(
        Listing.merchant_id == source.merchant_id,
        Listing.channel_id == source.channel_id,
        Listing.shop_id.in_(sorted(shop_ids)),
    )
    return _gathered({(row[0], row[1]): None for row in session().execute(rows)})


def _by_sku(merchant_id: UUID, keys: Collection[str]) -> Candidates:
    wanted = sorted(each for each in keys if each)
    if not wanted:
        return {}
    rows = select(Product.sku_key, Product.id).where(Product.merchant_id == merchant_id, Product.sku_key.in_(wanted))
    return _gathered({(row[0], row[1]): None for row in session().execute(rows) if row[0] is not None})


def _gathered(pairs: Mapping[tuple[str, UUID], None]) -> Candidates:
    found: Candidates = {}
    for word, product_id in pairs:
        found.setdefault(word, set()).add(product_id)
    return found
