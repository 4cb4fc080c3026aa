"""What became of a file of counts: how it was read, every line of it, and what was left out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from merchant_api.stock.sessions.csv_cells import LeftOutLine
from merchant_api.stock.sessions.csv_lines import CsvLine


@dataclass(frozen=True, slots=True)
class LineReport:
    """What became of a line: the row of the log of counts that it made, or None where it was skipped."""

    line: CsvLine
    count_id: UUID | None


@dataclass(frozen=True, slots=True)
class CountFileReport:
    """What became of a file, line by line.

    `columns`: the header's names of what was read, by field; `left_out`, `left_out_columns`: what is unknown here.
    """

    session_id: UUID
    read_as: str
    columns: Mapping[str, Sequence[str]]
    lines: Sequence[LineReport]
    left_out: Sequence[LeftOutLine]
    left_out_columns: Sequence[str]

    @property
    def rows(self) -> int:
        """Lines besides the header and blank ones; one with columns for several locations is one for each."""
        return len(self.lines) + len(self.left_out)

    @property
    def counted(self) -> int:
        """Lines that were counted."""
        return sum(each.count_id is not None for each in self.lines)
