"""What is on its way to each shop, and what stands ready behind it: a channel never has more calls than its kind bears.

Threads of the pool send; whichever brings a call back sends the next one of its line (`line.py`). Zeros stand first.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from uuid import UUID

from jobs.channels.call import CallEnded, LevelCall, Outcomes, ended
from jobs.channels.line import LevelLine
from merchant_api.channels.faults import ShopFault
from merchant_api.outbox.claim import MARGIN_S

IN_ALL = 64
SETS_OUT_WITHIN_S = MARGIN_S / 2


class LevelLines:
    """The lines of one process; `wake` is set when a call comes back."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake
        self._lock = threading.RLock()  # what ends at once comes back on the thread that sent it
        self._lines: dict[UUID, LevelLine] = {}
        self._pool = ThreadPoolExecutor(IN_ALL, thread_name_prefix="levels")
        self._ended: deque[CallEnded] = deque()
        self._out = 0
        self._is_closing = False

    @property
    def is_busy(self) -> bool:
        """Whether anything is on its way, stands ready or is not yet taken."""
        with self._lock:
            return bool(self._out or self._ended or any(line.ready for line in self._lines.values()))

    def room(self, channel_id: UUID, width: int) -> int:
        """How many calls may be made ready for a channel now."""
        with self._lock:
            line = self._lines.setdefault(channel_id, LevelLine())
            line.width = width
            return 0 if line.is_resting or self._out >= IN_ALL else line.room

    def add(self, calls: list[LevelCall]) -> None:
        """Send these as soon as there is room; those with a zero before all others."""
        with self._lock:
            for call in calls:
                line = self._lines[call.channel.id]
                if call.levels[0].level == 0:
                    line.ready.appendleft(call)
                else:
                    line.ready.append(call)
            for channel_id in {call.channel.id for call in calls}:
                self._fill(channel_id)

    def take_ended(self) -> list[CallEnded]:
        """What came back since."""
        with self._lock:
            taken = list(self._ended)
            self._ended.clear()
            return taken

    def take_left(self, *, are_all: bool = False) -> list[LevelCall]:
        """What stands ready and will not set out in time for its lease, or all of it; also of shops that rest."""
        with self._lock:
            latest = time.monotonic() - SETS_OUT_WITHIN_S
            left: list[LevelCall] = []
            for line in self._lines.values():
                late = [each for each in line.ready if are_all or line.is_resting or each.made < latest]
                line.ready = deque(each for each in line.ready if each not in late)
                left += late
            return left

    def rest(self, channel_id: UUID, seconds: float) -> None:
        """Send nothing to this shop for so long."""
        with self._lock:
            line = self._lines.setdefault(channel_id, LevelLine())
            line.rests_until = max(line.rests_until, time.monotonic() + seconds)

    def is_news(self, call: LevelCall) -> bool:
        """Whether a call that failed set out after the last failure was known: those of one moment are one failure."""
        with self._lock:
            line = self._lines[call.channel.id]
            is_news = call.sent > line.failed_at
            line.failed_at = time.monotonic() if is_news else line.failed_at
            return is_news

    def close(self, within_s: float, record: Callable[[], None]) -> bool:
        """Send nothing more, and wait for what is on its way; gives whether it all came back."""
        with self._lock:
            self._is_closing = True
        until = time.monotonic() + within_s
        record()
        while self.is_busy and time.monotonic() < until:
            self._wake.wait(0.1)
            self._wake.clear()
            record()
        self._pool.shutdown(wait=False, cancel_futures=True)
        return not self.is_busy

    def _fill(self, channel_id: UUID) -> None:
        line = self._lines[channel_id]
        if line.is_resting or self._is_closing:
            return
        while line.ready and line.out < line.may_be_out and self._out < IN_ALL:
            call = line.ready.popleft()
            line.out, self._out, call.sent = line.out + 1, self._out + 1, time.monotonic()
            self._pool.submit(call.send).add_done_callback(partial(self._came_back, call))

    def _came_back(self, call: LevelCall, future: "Future[Outcomes]") -> None:
        back = ended(call, future)
        with self._lock:
            line = self._lines[call.channel.id]
            line.out, self._out = line.out - 1, self._out - 1
            line.heard(is_answer=not isinstance(back.result, ShopFault), took_s=time.monotonic() - call.sent)
            if line.is_sure:
                self._fill(call.channel.id)
            self._ended.append(back)
        self._wake.set()
