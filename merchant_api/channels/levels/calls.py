"""Which levels go together: a zero alone, or with zeros only where more of them wait than calls may go out."""

import math
from collections.abc import Sequence
from datetime import datetime

from merchant_api.channels.levels.claim import PackedLevel, pack, take, take_probe
from merchant_api.channels.models import Channel
from merchant_api.channels.states import ChannelState


def claim_for(channel: Channel, room: int, most: int, at: datetime, lease_s: float) -> list[PackedLevel]:
    """Lease what goes out in `room` calls of at most `most` levels, the zeros of all first; a failing channel's probe.

    In the transaction that is open.
    """
    if channel.state is ChannelState.FAILING:
        if not take_probe(channel, at, lease_s):
            return []
        room, most = 1, 1
    zeros = take(channel, at, lease_s, room * most, are_zeros=True)
    left = room - min(room, len(zeros))
    others = take(channel, at, lease_s, left * most, are_zeros=False) if left else []
    return pack(channel, [*zeros, *others], at)


def calls_of(packed: Sequence[PackedLevel], room: int, most: int) -> list[list[PackedLevel]]:
    """The calls, those of zeros first; by the levels of this moment, so there may be a few more than there is room."""
    zeros = [each for each in packed if each.level == 0]
    others = [each for each in packed if each.level != 0]
    together = max(1, min(most, math.ceil(len(zeros) / room)))
    return [*_cut(zeros, together), *_cut(others, most)]


def _cut(levels: Sequence[PackedLevel], size: int) -> list[list[PackedLevel]]:
    return [list(levels[begin : begin + size]) for begin in range(0, len(levels), size)]
