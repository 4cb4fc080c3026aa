"""Levels go to their shops: claim, commit, send, record. The loop's own thread alone touches the database.

Each turn records what came back and gives every channel what it has room for, so that a channel which is slow, dead or
far behind holds up nobody. What stands ready when its shop fails, or when the process stops, is handed back.
"""

import itertools
import random
from functools import partial
from uuid import UUID

from jobs import wake
from jobs.channels.call import CallEnded, LevelCall
from jobs.channels.lines import LevelLines
from jobs.sweep import in_halves
from merchant_api.channels import connectors
from merchant_api.channels.connector import PASS_S
from merchant_api.channels.faults import ShopBusy, ShopDenies, ShopFault
from merchant_api.channels.levels import came, circuit, claim, record
from merchant_api.channels.levels.again import FIRST_WAIT_S
from merchant_api.channels.levels.calls import calls_of, claim_for
from merchant_api.channels.mark import mark
from merchant_api.channels.models import Channel
from merchant_api.channels.open import opener
from merchant_api.channels.states import ChannelState
from merchant_api.core import clock, metrics
from merchant_api.core.db import in_transaction
from merchant_api.core.seal import Unsealable
from merchant_api.core.tenancy import ACROSS, of
from merchant_api.outbox.claim import lease_for

NAME = "send_levels"
MERCHANTS_AT_ONCE = 50
LEASE_S = lease_for(PASS_S)
BROKEN_REST_S = 5.0
_SEALED = "The credentials can't be opened: a secret key is missing. Enter them again."


class LevelSending:
    """The levels of one process: `turn()` again and again, `drain()` at the end."""

    def __init__(self) -> None:
        self._lines = LevelLines(wake.levels)

    @property
    def is_busy(self) -> bool:
        """Whether anything is on its way or not yet recorded."""
        return self._lines.is_busy

    def turn(self) -> int:
        """Record what came back, and send what is due and has room; gives how many levels were made ready."""
        self._record()
        due = in_transaction(lambda: claim.channels_due(clock.now(), MERCHANTS_AT_ONCE), ACROSS)
        return sum(in_halves(NAME, [channel], self._give, self._leave).done for channel in due)

    def drain(self, within_s: float) -> bool:
        """Finish what is on its way; gives whether nothing is left. What is cut off goes out when its lease ends."""
        return self._lines.close(within_s, partial(self._record, is_last=True))

    def _give(self, some: list[Channel]) -> int:
        (channel,) = some
        abilities = connectors.of(channel.kind).abilities
        room = self._lines.room(channel.id, abilities.calls_at_once)
        if not room:
            return 0
        calls = in_transaction(lambda: self._made_ready(channel, room, abilities.most_set), of(channel.merchant_id))
        self._lines.add(calls)
        return sum(len(call.levels) for call in calls)

    def _made_ready(self, channel: Channel, room: int, most: int) -> list[LevelCall]:
        at = clock.now()
        packed = claim_for(channel, room, most, at, LEASE_S)
        if not packed:
            return []
        try:
            opens = opener(channel)
        except Unsealable:
            record.hand_back(channel.merchant_id, [(each.id, each.token) for each in packed], at)
            circuit.failed(channel.merchant_id, channel.id, ShopDenies(_SEALED), at)
            return []
        return [LevelCall(channel, some, opens, at) for some in calls_of(packed, room, most)]

    def _leave(self, channel: Channel) -> None:
        """Nothing could be made ready: logged, and tried again later."""
        self._lines.rest(channel.id, BROKEN_REST_S)

    def _record(self, *, is_last: bool = False) -> None:
        ended = sorted(self._lines.take_ended(), key=_channel)
        for _, some in itertools.groupby(ended, key=_channel):
            in_halves(NAME, [list(some)], self._record_channel, _leave_to_their_leases)
        left = sorted(self._lines.take_left(are_all=is_last), key=_owner)
        for merchant_id, calls in itertools.groupby(left, key=_owner):
            leases = [lease for call in calls for lease in call.leases]
            in_transaction(partial(record.hand_back, merchant_id, leases, clock.now()), of(merchant_id))

    def _record_channel(self, batches: list[list[CallEnded]]) -> int:
        (some,) = batches
        channel = some[0].call.channel
        is_news = {id(each): self._lines.is_news(each.call) for each in some if isinstance(each.result, ShopFault)}
        rests = in_transaction(lambda: _recorded(some, is_news), of(channel.merchant_id))
        if rests:
            self._lines.rest(channel.id, rests)
        for each in some:
            result = "failed" if isinstance(each.result, ShopFault) else "answered"
            metrics.job_rows.labels(NAME, result).inc(len(each.call.levels))
        return len(some)


def _recorded(some: list[CallEnded], is_news: dict[int, bool]) -> float:
    """Settle calls of one channel, in the transaction that is open; gives for how long this process leaves it alone.

    That is shorter than its circuit says: who finds the shop back, whichever process it is, lets all go on.
    """
    channel, at, rests, here = some[0].call.channel, clock.now(), 0.0, 0.0
    told: list[came.Came] = []
    for each in sorted(some, key=lambda one: one.call.sent):
        result = each.result
        if isinstance(result, ShopFault):
            if is_news[id(each)]:
                rests = circuit.failed(channel.merchant_id, channel.id, result, at)
                here = rests if isinstance(result, ShopBusy) else min(rests, FIRST_WAIT_S)
            told += [came.untried(level, result, at, rests) for level in each.call.levels]
        else:
            if channel.failures or channel.state is not ChannelState.READY:
                circuit.reached(channel.merchant_id, channel.id, at)
            told += [came.after(level, result.get(level.ref), at, random.random()) for level in each.call.levels]
    unsure = record.record(channel.merchant_id, told, at, min(each.call.at for each in some))
    if unsure:
        mark(channel.merchant_id, channel_id=channel.id, product_ids=sorted(unsure))
    return here


def _channel(ended: CallEnded) -> tuple[UUID, UUID]:
    return ended.call.merchant_id, ended.call.channel.id


def _owner(call: LevelCall) -> UUID:
    return call.merchant_id


def _leave_to_their_leases(_: list[CallEnded]) -> None:
    """What came of them can't be recorded: their leases run out, and they are sent again."""
