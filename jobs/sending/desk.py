"""What a medium brings to the deliveries: a desk, which says what is claimed first and packs what was claimed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jobs.sending.cargo import Parcel, Round
from jobs.sending.lanes import Lane, Lanes
from merchant_api.outbox.models import Delivery, DeliveryState, Medium
from notifications.outcome import Outcome


class DeliveryParcel(Parcel, Protocol):
    """A delivery with its address, opened, and the sender that takes it."""

    @property
    def row(self) -> Delivery: ...

    def settle(self, outcome: Outcome) -> None:
        """What follows for the address, and whom to tell, once the outcome is recorded."""
        ...


@dataclass(frozen=True, slots=True)
class Packed:
    """What can be sent, the deliveries that end untried, by the state in which they end, and those that must wait."""

    ready: Sequence[DeliveryParcel]
    untried: Mapping[DeliveryState, Sequence[Delivery]]
    waiting: Sequence[Delivery] = ()


class Desk(Protocol):
    """One medium. A row of a medium that has no desk in this process is not claimed."""

    @property
    def medium(self) -> Medium: ...

    def rounds(self, lanes: Lanes) -> Sequence[Round]:
        """The claims of this medium's rows, and of no other's."""
        ...

    def lanes_of(self, row: Delivery) -> Sequence[Lane]:
        """As of `Cargo`."""
        ...

    def pack(self, deliveries: Sequence[Delivery]) -> Packed:
        """Addresses as they are now, read in the transaction that is open; what is obsolete here ends."""
        ...
