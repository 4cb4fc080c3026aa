"""What a carrier asks of its cargo: the rows that it claims, parcels that can be sent, and what an outcome means."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement

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
    """One claim: of which rows, and the lanes in which what a merchant has to send must find room."""

    only: tuple[ColumnElement[bool], ...]
    lanes_of: Callable[[UUID], Sequence[Lane]]


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

    @property
    def passed_over(self) -> Collection[str]:
        """The kinds of lanes of which `rounds` leaves out the rows while they are full."""
        ...

    def rounds(self, lanes: Lanes) -> Sequence[Round]:
        """The claims of one turn, the most urgent first; what cannot set out must not stand before what can."""
        ...

    def pack(self, leased: Sequence[Row]) -> Sequence[P]:
        """What can be sent; ends what cannot."""
        ...

    def record(self, parcel: P, outcome: Outcome) -> bool:
        """Settle the row by its lease, in the transaction that is open; gives whether the lease was still ours."""
        ...

    def settled(self, parcel: P, outcome: Outcome) -> None:
        """What follows from an outcome that was recorded."""
        ...
