"""One order of a stranger after the other, without a lock or a count of its own: parts of the one write statement.

What he may hold was judged on what he had when his `turn` was read. Whoever writes moves the turn on; two at once read
the same one, and the second of them finds that it moved, is undone and judged again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table

from merchant_api.accounts.models import Customer
from merchant_api.core import rows
from merchant_api.orders.place.draft import Draft
from merchant_api.orders.unproven import Stranger

# The first of one whom nobody knew; his row may have been made by his own lock, or by a seller, meanwhile.
FIRST_SQL = rows.insert_part(
    cast("Table", Customer.__table__),
    "first_turns",
    " ON CONFLICT (merchant_id, person_id) DO UPDATE SET turn = 1 WHERE customers.turn = 0",
    without={"has_bought"},
)
NEXT_SQL = (
    "turns AS (UPDATE customers SET turn = turn + 1 FROM jsonb_each_text(CAST(:turns AS jsonb)) "
    "WHERE merchant_id = :merchant_id AND person_id = key::uuid AND turn = value::int RETURNING 1)"
)


class Outrun(Exception):
    """A customer who is not proven placed another order at the same moment."""


@dataclass(frozen=True, slots=True)
class Turns:
    """The rows that the two parts take: of those whom nobody knew, and of those whose turn moves on."""

    first: Sequence[Mapping[str, Any]]
    next: Mapping[str, int]
    people: frozenset[UUID]

    def check(self, written: int) -> None:
        """Compare what was written with what had to be; raises Outrun."""
        if written != len(self.people):
            raise Outrun


def turns_of(merchant_id: UUID, drafts: Iterable[Draft], strangers: Mapping[UUID, Stranger]) -> Turns:
    """The turns of those strangers of whom there are drafts, sorted by key."""
    taking = {
        person_id: draft
        for draft in drafts
        if draft.placement.is_own and (person_id := draft.placement.customer.person_id) in strangers
    }
    people = sorted(taking)
    return Turns(
        first=[
            taking[each].placement.customer.row(merchant_id, taking[each].locked.at) | {"turn": 1}
            for each in people
            if not strangers[each].is_known
        ],
        next={str(each): strangers[each].turn for each in people if strangers[each].is_known},
        people=frozenset(people),
    )
