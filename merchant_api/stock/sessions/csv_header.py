"""What the header of a file of counts says: which column is what, by the table of csv_columns.py or as said by hand.

Nobody guesses: where several columns may be the quantity, one has to be chosen. A header that can't be read makes one
complaint, whatever is wrong with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from merchant_api.core.csv_out import plain
from merchant_api.core.table_in import MOST_COLUMNS, Complaint, TableRow
from merchant_api.stock.sessions.csv_columns import FIELDS, NAMES, canonical, is_known, location_of

LONGEST_NAME = 80  # of which is shown
MOST_SHOWN = 12
LEAVES_OUT = "--ignore-unknown, or ?ignore_unknown=true"


@dataclass(frozen=True, slots=True)
class CountFileWish:
    """How a file is read: columns said by hand, by field ("" for none), and whether what is unknown is left out."""

    columns: Mapping[str, str] = field(default_factory=dict)
    ignores_unknown: bool = False


@dataclass(frozen=True, slots=True)
class QuantityColumn:
    """A column of quantities, and the location that it is of; None where the line names it."""

    at: int
    name: str
    location: str | None


@dataclass(frozen=True, slots=True)
class CountFileHeader:
    """Where the fields are, and what the file was read as (core/csv_text.py).

    `by_name`: quantities are columns whose names must be locations, for there are no others.
    """

    line: int
    names: Sequence[str]
    fields: Mapping[str, int]
    quantities: Sequence[QuantityColumn]
    by_name: bool
    ignored: Sequence[str]
    read_as: str

    @property
    def read(self) -> dict[str, list[str]]:
        """The names of the columns that are read, by field."""
        named = {key: [self.names[at]] for key, at in self.fields.items()}
        return named | {"quantity": [each.name for each in self.quantities]}


def understand(row: TableRow, wish: CountFileWish, read_as: str) -> CountFileHeader | Complaint:
    """The header, or the one complaint about it."""
    names = [plain(name.strip()) for name in row.fields]
    if len(names) > MOST_COLUMNS:
        return Complaint(row.line, None, f"{len(names):,} columns where {MOST_COLUMNS} may be")
    wrong: list[str] = []
    found = {key: _column(key, names, wish, wrong) for key in FIELDS if key != "quantity"}
    fields = {key: at for key, at in found.items() if at is not None}
    unknown = [at for at, name in enumerate(names) if name and not is_known(name) and at not in fields.values()]
    quantities = _quantities(names, wish, wrong)
    by_name = bool(unknown) and not quantities and not wrong and "sku" in fields and "location" not in fields
    if by_name:
        quantities = [QuantityColumn(at, names[at], names[at]) for at in unknown]
    named = {*fields, *wish.columns, *(["quantity"] if quantities else [])}
    if missing := [key for key in ("sku", "quantity") if key not in named]:
        wrong.append(f"the header names no column for {' and none for '.join(missing)}, but {listed(names)}")
    if "location" in fields and any(each.location for each in quantities):
        wrong.append("a column names locations, and columns of quantities do: leave it out by --column location=")
    used = {each.at for each in quantities}
    ignored = [names[at] for at in unknown if at not in used]
    if ignored and not missing and not wish.ignores_unknown:
        wrong.append(f"no such column is known: {listed(ignored)} (left out by {LEAVES_OUT})")
    if wrong:
        return Complaint(row.line, None, "; ".join(wrong))
    return CountFileHeader(row.line, names, fields, quantities, by_name, ignored, read_as)


def _column(key: str, names: Sequence[str], wish: CountFileWish, wrong: list[str]) -> int | None:
    """Where a field is that has one column."""
    keys = [canonical(name) for name in names]
    if key in wish.columns:
        if not wish.columns[key] and key != "sku":
            return None
        at = [at for at, name in enumerate(keys) if name == canonical(wish.columns[key])]
        if not at:
            wrong.append(f"the header does not name {listed([wish.columns[key]])}, which was to be {key}")
    else:
        tiers = (NAMES[key], NAMES["sku_too"] if key == "sku" else ())
        at = next(filter(None, ([at for at, name in enumerate(keys) if name in tier] for tier in tiers)), [])
    if len(at) > 1:
        wrong.append(_choose(key, [names[each] for each in at]))
    return at[0] if at else None


def _quantities(names: Sequence[str], wish: CountFileWish, wrong: list[str]) -> list[QuantityColumn]:
    """The columns of quantities, by a name of their own or by one for each location."""
    by_hand = wish.columns.get("quantity")
    choices = dict(_choices(names, by_hand))
    if not choices and by_hand is not None:
        wrong.append(f"the header does not name {listed([by_hand])}, which was to be quantity")
    if len(choices) > 1 or any(len({canonical(it.name) for it in some}) < len(some) for some in choices.values()):
        wrong.append(_choose("quantity", list(choices)))
    return next(iter(choices.values()), [])


def _choices(names: Sequence[str], by_hand: str | None) -> Iterator[tuple[str, list[QuantityColumn]]]:
    """What may be the quantity: a name that says it by hand, and the columns that it means."""
    keys = [canonical(name) for name in names]
    if by_hand is not None and canonical(by_hand) in keys:
        yield by_hand, [QuantityColumn(at, names[at], None) for at, key in enumerate(keys) if key == canonical(by_hand)]
        return
    for name in NAMES["quantity"]:
        head = name.partition("{}")[0].rstrip(" [")
        if by_hand is not None and head != canonical(by_hand):
            continue
        if "{}" not in name:
            some = [QuantityColumn(at, names[at], None) for at, key in enumerate(keys) if key == name]
        else:
            placed = [(at, location_of(name, names[at])) for at in range(len(names))]
            some = [QuantityColumn(at, names[at], location) for at, location in placed if location]
        if some:
            yield names[some[0].at][: len(head)] if "{}" in name else names[some[0].at], some


def _choose(key: str, names: Sequence[str]) -> str:
    one = names[0][:LONGEST_NAME]
    if len(set(map(canonical, names))) == 1:
        return f"several columns are called {one}: keep one of them"
    return f'several columns may be {key}: {listed(names)}; choose: --column {key}="{one}", or ?column.{key}=…'


def listed(names: Sequence[str]) -> str:
    """The first of some names, for a sentence."""
    shown = ", ".join(name[:LONGEST_NAME] for name in names[:MOST_SHOWN] if name)
    return shown if len(names) <= MOST_SHOWN else f"{shown} and {len(names) - MOST_SHOWN:,} more"
