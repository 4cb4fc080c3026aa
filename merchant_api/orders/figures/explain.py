"""Why is it 7? A product's figures as chains of documents, in words, with the orders by their codes.

Lies with the orders, which alone know their codes; the chains are read and added up by the sessions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from merchant_api.catalog import find as catalog
from merchant_api.catalog.models import Product
from merchant_api.core.db import session
from merchant_api.core.sentences.sentence import Sentence
from merchant_api.orders.figures import words
from merchant_api.orders.models import Order
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.sessions import trace
from merchant_api.stock.sessions.chain import Chain, Figures, Held, Promoted, Start, Summed, together
from merchant_api.stock.sessions.trace import Where


@dataclass(frozen=True, slots=True)
class PartInWords:
    """A part of a chain in words; `order_code` is None where no order stands behind it."""

    row: Start | Summed | LedgerRow | Held
    why: Sentence
    order_code: str | None = None


@dataclass(frozen=True, slots=True)
class ToldCell:
    """A cell's chain, all of it in words."""

    chain: Chain
    why: Sentence
    start: PartInWords
    earlier: Sequence[PartInWords]
    rows: Sequence[PartInWords]
    holds: Sequence[PartInWords]

    @property
    def holds_not_shown(self) -> int:
        """Open holds that are only counted."""
        return self.chain.holds - len(self.holds)

    @property
    def units_not_shown(self) -> int:
        """Units of the open holds that are only counted."""
        return self.chain.units - sum(held.quantity for held in self.chain.held)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A product's figures over the cells that were asked for, and the chain of each."""

    product: Product
    now: Figures
    cells: Sequence[ToldCell]

    @property
    def why(self) -> Sentence:
        """The figure as a sum."""
        return words.of_figures(self.now)

    @property
    def is_right(self) -> bool:
        """Whether every chain adds up."""
        return all(cell.chain.is_right for cell in self.cells)


def explain(merchant_id: UUID, product_id: UUID, where: Where) -> Explanation:
    """Why a product's figures are what they are, over all its cells or those of a place; raises NoSuchProduct."""
    product = catalog.product(merchant_id, product_id)
    chains = trace.chains(merchant_id, product_id, where)
    codes = _codes(merchant_id, chains)
    return Explanation(product, together(chains), [_told(chain, codes) for chain in chains])


def _codes(merchant_id: UUID, chains: Sequence[Chain]) -> dict[UUID, str]:
    """The codes of all orders named, by one read."""
    ids = {row.order_id for chain in chains for row in chain.rows if row.order_id is not None}
    ids |= {held.order_id for chain in chains for held in chain.held}
    if not ids:
        return {}
    rows = select(Order.id, Order.code).where(Order.merchant_id == merchant_id, Order.id.in_(sorted(ids)))
    return {row.id: row.code for row in session().execute(rows)}


def _told(chain: Chain, codes: dict[UUID, str]) -> ToldCell:
    return ToldCell(
        chain=chain,
        why=words.of_cell(chain),
        start=PartInWords(chain.start, words.of_start(chain.start)),
        earlier=[PartInWords(row, words.of_sum(row)) for row in chain.earlier],
        rows=[_row(row, codes, chain.promoted) for row in chain.rows],
        holds=[_hold(held, codes) for held in chain.held],
    )


def _row(row: LedgerRow, codes: dict[UUID, str], promoted: Promoted | None) -> PartInWords:
    code = None if row.order_id is None else codes.get(row.order_id)
    return PartInWords(row, words.of_row(row, code or str(row.order_id), promoted), code)


def _hold(held: Held, codes: dict[UUID, str]) -> PartInWords:
    code = codes.get(held.order_id)
    return PartInWords(held, words.of_hold(held, code or str(held.order_id)), code)
