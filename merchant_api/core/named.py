"""Rows found by their names: as they are spelt, else by what only case, Unicode form or blanks differ in.

A name that is spelt exactly so is meant, whatever else there is. Rows that are older than this rule may share a key:
they are told apart by `twin`, and a name that could be either of them is refused.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Text, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from merchant_api.core.columns import Words
from merchant_api.core.db import session
from merchant_api.core.errors import Invalid
from merchant_api.core.names import key, tidy

NOWHERE = UUID(int=0)  # the id of no row


class AmbiguousName(Invalid):
    """Several are called so but for case, Unicode form or blanks: spell the one that is meant as it is."""

    code = "ambiguous_name"


def keyed(column: str) -> Callable[[Any], str]:
    """The default of a column: the key of the name in another column of the new row."""
    return lambda context: key(context.get_current_parameters()[column])


class Keyed:
    """A row whose name no other row of its merchant has in another spelling.

    `twin` is 0 but where older rows share a key. `name_key` is null only where somebody wrote rows past the house.
    """

    name: Mapped[Words]
    name_key: Mapped[Words | None] = mapped_column(default=keyed("name"))
    twin: Mapped[int] = mapped_column(server_default="0")

    def rename(self, name: str) -> None:
        """Give the row another name, or its own in another spelling."""
        if key(name) != self.name_key:
            self.name_key, self.twin = key(name), 0
        self.name = name


def candidates(
    name: InstrumentedAttribute[str],
    name_key: InstrumentedAttribute[str | None],
    merchant_id: UUID,
    wanted: Iterable[str],
    *more: InstrumentedAttribute[Any],
) -> dict[str, list[Row[Any]]]:
    """Whom each of the wanted names may mean, by one read: rows of the name as it is kept, and `more` columns.

    The one that is spelt exactly so, else all that have the same key; a name that there is not is left out.
    """
    asked = {each: key(each) for each in wanted}
    spelt = bindparam("spelt", sorted(asked | dict.fromkeys(map(tidy, asked))), type_=ARRAY(Text))
    keys = bindparam("keys", sorted(set(asked.values())), type_=ARRAY(Text))
    rows = (
        select(name.label("name"), name_key.label("name_key"), *more)
        .where(name.class_.merchant_id == merchant_id, or_(name == any_(spelt), name_key == any_(keys)))
        .order_by(name)
    )
    exact: dict[str, Row[Any]] = {}
    alike: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in session().execute(rows):
        exact[row.name] = row
        alike[row.name_key].append(row)
    found = {each: exact.get(each) or exact.get(tidy(each)) for each in asked}
    meant = {each: alike.get(asked[each], []) if row is None else [row] for each, row in found.items()}
    return {each: rows for each, rows in meant.items() if rows}


def unclear(found: Mapping[str, list[Row[Any]]]) -> dict[str, list[str]]:
    """The names that may mean several rows, with what these are called."""
    return {each: [row.name for row in rows] for each, rows in found.items() if len(rows) > 1}


def only(found: Mapping[str, list[Row[Any]]]) -> dict[str, Row[Any]]:
    """The row that each name means; raises AmbiguousName, naming all that it could be."""
    several = unclear(found)
    if several:
        names = sorted({name for names in several.values() for name in names})
        raise AmbiguousName(asked=sorted(several), names=names)
    return {each: rows[0] for each, rows in found.items()}
