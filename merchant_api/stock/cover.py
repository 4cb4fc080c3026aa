"""Which holds the units at hand belong to, pure: the oldest first.

Units go to open holds in the order in which they were promised. A hold of a confirmed order that is not covered whole
keeps those behind it waiting, so that a small order never starves a large one; one that is not confirmed yet keeps
its units when they cover it, and stands in nobody's way when they do not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Promise:
    """An open hold of one cell, in units."""

    hold_id: UUID
    quantity: int
    is_confirmed: bool


def lacking(on_hand: int, promises: Iterable[Promise], wanted: Mapping[UUID, int]) -> dict[UUID, int]:
    """The units that some open holds lack, of one cell's open holds given oldest first; `wanted` are theirs by id.

    Those that lack nothing are not named. Reads no further than the units at hand reach.
    """
    lacks, left = dict(wanted), on_hand
    for promise in promises:
        if left <= 0:
            break
        if promise.quantity > left and not promise.is_confirmed:
            continue
        if promise.hold_id in lacks:
            lacks[promise.hold_id] -= min(promise.quantity, left)
        left -= promise.quantity
    return {hold_id: units for hold_id, units in lacks.items() if units}
