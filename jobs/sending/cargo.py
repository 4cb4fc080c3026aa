"""What a carrier asks of its cargo: the rows that it claims, parcels that can be sent, and what an outcome means."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression

from jobs.sending.lanes import Lane, Lanes
from merchant_api.outbox.models import Leased
from notifications.outcome import Outcome


class Parcel(Protocol):
    """A leased row made ready to go, and the lanes in which it counts while it is on its way."""

    @property
    def row(self) -> Leased: ...

    @property
    def lanes(self) -> Sequence[Lane]: ...

    def send(self) -> Outcome:
        """On a thread of the pool: no database."""
        ...


@dataclass(frozen=True, slots=True)
class Round:
    """One claim: of which rows, in which order, and the lanes in which what a merchant has to send must find room.

    None of these rows is on its way for longer than `deadline_s`, whatever its receiver does.
    """

    only: tuple[ColumnElement[bool], ...]
    line: tuple[SQLColumnExpression[Any], ...]
    lanes_of: Callable[[UUID], Sequence[Lane]]
    deadline_s: float


Row = TypeVar("Row", bound=Leased)
P = TypeVar("P", bound=Parcel)


class Cargo(Protocol[Row, P]):
    """What a carrier carries: rows of one table. All but `send` of a parcel runs in the loop's own thread."""

    @property
    def name(self) -> str:
        """For the log."""
        ...

    @property
    def table(self) -> type[Row]: ...

    def rounds(self, lanes: Lanes) -> Sequence[Round]:
        """The claims of one turn, the most urgent first, without what finds its lane full and would hide others."""
        ...

    def lanes_of(self, row: Row) -> Sequence[Lane]:
        """The lanes of a row, as far as they are known before it is packed."""
        ...

    def pack(self, leased: Sequence[Row]) -> Sequence[P]:
        """What can be sent; ends what cannot."""
        ...

    def record(self, ended: Sequence[tuple[P, Outcome]]) -> Collection[UUID]:
        """Settle a merchant's rows by their leases, in the transaction that is open; gives those that were ours."""
        ...

    def settled(self, parcel: P, outcome: Outcome) -> None:
        """What follows from an outcome that was recorded."""
        ...
