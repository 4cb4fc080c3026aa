"""What the audit found, for programs and for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that does not add up: where, what, the documents behind it, and the compensation."""

    where: str
    what: str
    documents: tuple[str, ...]
    compensation: str

    def lines(self) -> Iterator[str]:
        """For people, line by line."""
        yield f"  {self.where}: {self.what}"
        yield from (f"    behind it: {document}" for document in self.documents)
        yield f"    compensation: {self.compensation}"


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The audit of one merchant: how much was looked at, and what differs."""

    merchant_id: UUID
    cells: int
    entries: int
    holds: int
    differences: tuple[Difference, ...]

    @property
    def is_clean(self) -> bool:
        """Whether everything adds up."""
        return not self.differences

    def lines(self) -> Iterator[str]:
        """The report for people, line by line."""
        verdict = "all add up" if self.is_clean else f"{len(self.differences)} differences"
        yield f"merchant {self.merchant_id}: {self.cells} cells, {self.entries} entries, {self.holds} holds: {verdict}"
        for difference in self.differences:
            yield from difference.lines()
