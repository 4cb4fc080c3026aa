"""Figures: what came out, of which parts, against which target; and the table in which a person reads them."""

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `is_met` is None where there is no target."""

    name: str
    value: str
    parts: str
    target: str = ""
    is_met: bool | None = None

    @property
    def verdict(self) -> str:
        """A word for the last column."""
        return {None: "", True: "met", False: "MISSED"}[self.is_met]


def table(figures: Sequence[Figure]) -> str:
    """The figures below each other."""
    rows = [("figure", "value", "target", "", "of")]
    rows += [(each.name, each.value, each.target, each.verdict, each.parts) for each in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def machine(server_version: str) -> str:
    """Where and with what it was measured; how busy the machine was with other work."""
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    names = ("flask", "sqlalchemy", "psycopg", "granian")
    return (
        f"{_processor()}, {os.cpu_count()} cores, load {loads} at the start\n"
        f"Python {platform.python_version()}, PostgreSQL {server_version} (fsync and synchronous_commit on), "
        + ", ".join(f"{name} {version(name)}" for name in names)
    )


def percentile(values: Iterable[float], part: float) -> float:
    """The least value that `part` of the values do not exceed."""
    found = sorted(values)
    return found[min(len(found) - 1, int(part * len(found)))]


def middle(values: Sequence[float]) -> str:
    """The median, and what it is the median of."""
    return f"{statistics.median(values):,.0f}/s ({', '.join(f'{value:,.0f}' for value in values)})"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
