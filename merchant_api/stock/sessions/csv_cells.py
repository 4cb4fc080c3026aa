"""Which cell each line of a file counts, and what is wrong with those that count none: pure, over what was found.

Where what is unknown here is to be left out, lines of unknown and untracked products are listed instead of refused. A
SKU that a spreadsheet has spoilt is refused all the same: it may be one of ours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from merchant_api.core.table_in import Complaint
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.sessions.csv_header import CountFileHeader, listed
from merchant_api.stock.sessions.csv_lines import CsvLine
from merchant_api.stock.sessions.csv_skus import UNKNOWN

NO_PLACE = "there is none of that name"


@dataclass(frozen=True, slots=True)
class NamesFound:
    """What there is of what a file names: products with whether they are tracked, and places.

    `spoilt` is what is said of SKUs that mean none of these, and `unclear` of locations and grades.
    """

    products: Mapping[str, tuple[UUID, bool]]
    locations: Mapping[str, UUID]
    grades: Mapping[str, UUID]
    spoilt: Mapping[str, str]
    unclear: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A line that is left out, for what it names is unknown here."""

    line: int
    sku: str
    why: str


@dataclass(frozen=True, slots=True)
class FoundCells:
    """The cell of each line that is counted, and what is left out: lines, and columns by name."""

    cells: Mapping[CsvLine, CellKey]
    left_out: Sequence[LeftOutLine]
    columns: Sequence[str]


def unplaced(header: CountFileHeader, known: NamesFound) -> list[str]:
    """The columns of locations that there are not, by name."""
    return [each.name for each in header.quantities if each.location and each.location not in known.locations]


def header_complaint(header: CountFileHeader, columns: Sequence[str], ignores_unknown: bool) -> Complaint | None:
    """The one complaint about columns of locations that there are not."""
    if not columns or (ignores_unknown and len(columns) < len(header.quantities)):
        return None
    names = listed(columns)
    if header.by_name:
        why = f"the header names no column for quantity, and none of these is known or the name of a location: {names}"
    else:
        why = f"there are no locations of these columns: {names}"
    return Complaint(header.line, None, why)


def left_out(lines: Iterable[CsvLine], known: NamesFound) -> list[LeftOutLine]:
    """The lines of products that are unknown here or not tracked, each once; spoilt SKUs are not among them."""
    found = {}
    for line in lines:
        why = _sku_complaint(line, known)
        if line.quantity is not None and why and line.sku not in known.spoilt:
            found[line.line] = LeftOutLine(line.line, line.sku, why)
    return list(found.values())


def matched(lines: Iterable[CsvLine], known: NamesFound) -> tuple[dict[CsvLine, CellKey], list[Complaint]]:
    """The cells of lines with a quantity, and complaints about those that have none, or another line's."""
    cells: dict[CsvLine, CellKey] = {}
    complaints: list[Complaint] = []
    first: dict[CellKey, CsvLine] = {}
    for line in lines:
        if line.quantity is None or not line.sku:
            continue
        product, location = known.products.get(line.sku), known.locations.get(line.location)
        grade = known.grades.get(line.grade)
        if product and product[1] and location and grade:
            cells[line] = key = (product[0], location, grade)
            before = first.setdefault(key, line)
            if before.cell != line.cell:  # one spelt alike is complained of already
                complaints.append(Complaint(line.line, "sku", f"the same cell as in line {before.line}"))
            continue
        wrong = {
            "sku": _sku_complaint(line, known),
            "location": None if location else known.unclear.get(("location", line.location), NO_PLACE),
            "grade": None if grade else known.unclear.get(("grade", line.grade), NO_PLACE),
        }
        complaints += [Complaint(line.line, column, why) for column, why in wrong.items() if why]
    return cells, complaints


def _sku_complaint(line: CsvLine, known: NamesFound) -> str | None:
    if not line.sku:
        return "no SKU"
    product = known.products.get(line.sku)
    if product is None:
        return known.spoilt.get(line.sku, UNKNOWN)
    return None if product[1] else "its stock is not tracked"
