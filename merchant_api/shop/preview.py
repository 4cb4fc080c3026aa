"""What closing would do, before anyone presses the button: the plan that is then carried out, and whose mode changes.

The version is read first: a count that lands while the rest is read makes it stale, and a close that names it is
refused.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from merchant_api.catalog import categories
from merchant_api.catalog.models import Product
from merchant_api.core.db import session
from merchant_api.core.paging import Page, Window, cut
from merchant_api.core.sentences.sentence import Sentence
from merchant_api.shop.mode import Mode, ModeFacts, mode_of
from merchant_api.stock.sessions import find, plan
from merchant_api.stock.sessions.find import AtPlace
from merchant_api.stock.sessions.plan import PlanTotals, Promotion
from merchant_api.stock.sessions.states import Scope
from merchant_api.stock.sessions.why import why


@dataclass(frozen=True, slots=True)
class ModeChange:
    """A product that an order would meet in another mode than now."""

    product_id: UUID
    sku: str
    before: Mode
    after: Mode
    reason: Sentence


@dataclass(frozen=True, slots=True)
class PlannedCell(AtPlace):
    """A cell of the plan, and why it would become what it says."""

    @property
    def is_conflict(self) -> bool:
        """Whether more would be promised than there is."""
        return bool(self.row.after < self.row.held)

    @property
    def available(self) -> int:
        """What others could buy from it."""
        return int(self.row.after - self.row.held)

    @property
    def why(self) -> Sentence:
        """The sum in words."""
        return why(self.row)


@dataclass(frozen=True, slots=True)
class PreviewTotals(PlanTotals):
    """The plan in figures; `modes` is the number of products whose mode would change."""

    modes: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A page of the plan, its totals, and the first 200 of the products whose mode would change."""

    session_id: UUID
    version: int
    wish: Promotion
    totals: PlanTotals
    modes_changed: int
    modes: Sequence[ModeChange]
    cells: Page[PlannedCell]

    @property
    def figures(self) -> PreviewTotals:
        """The totals, with the number of products whose mode would change."""
        return PreviewTotals(**asdict(self.totals), modes=self.modes_changed)

    @property
    def items(self) -> Sequence[PlannedCell]:
        """The cells of this page."""
        return self.cells.items

    @property
    def next(self) -> str | None:
        """Where the next page begins."""
        return self.cells.next


def preview(merchant_id: UUID, wish: Promotion, at: Window, category: str | None = None) -> Preview:
    """What a close would do now, of one category where it is named (a close knows none).

    Raises NoStagedSession, AmbiguousName.
    """
    staged = find.staged_id(merchant_id)
    category_id = None if category is None else categories.sought(merchant_id, category)
    version = plan.version(merchant_id, staged)
    given = plan.parameters(merchant_id, staged, wish, category_id)
    found = cut(plan.page(given, wish.scope, at.after, at.limit + 1), at, find.key_of)
    placed = find.named(merchant_id, found)
    cells = Page([PlannedCell(cell.row, cell.location, cell.grade) for cell in placed.items], placed.next)
    changed, modes = _modes(merchant_id, given, wish.scope)
    return Preview(staged, version, wish, plan.totals(given, wish.scope), changed, modes, cells)


def _modes(merchant_id: UUID, given: dict[str, Any], scope: Scope) -> tuple[int, list[ModeChange]]:
    changing = plan.free(given, scope)
    if not changing:
        return 0, []
    rows = select(Product).where(
        Product.merchant_id == merchant_id, Product.id.in_([row.product_id for row in changing])
    )
    products = {product.id: product for product in session().execute(rows).scalars()}
    return changing[0].products, [_change(products[row.product_id], row) for row in changing]


def _change(product: Product, row: Row[Any]) -> ModeChange:
    before, after = (
        mode_of(ModeFacts(product.status, product.is_tracked, product.when_short, int(free), int(owed)))
        for free, owed in ((row.free_before, row.owed_before), (row.free_after, row.owed_after))
    )
    return ModeChange(product.id, product.sku, before.mode, after.mode, after.reason)
