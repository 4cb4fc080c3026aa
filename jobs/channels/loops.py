"""The loops of a job process that keep web shops in step: what changed is noted, and what waits is sent."""

import threading
from functools import partial

from jobs import wake
from jobs.channels import note, send
from jobs.loop import Loop
from jobs.run import Runner
from jobs.sweep import guarded


class ChannelLoops:
    """From their start to their stop."""

    def __init__(self, runner: Runner) -> None:
        self._sending = send.LevelSending()
        self._note = Loop(note.NAME, lambda: _has_done(runner.once(note.NAME, _note)), threading.Event())
        turn = partial(runner.once, send.NAME, self._sending.turn)
        self._send = Loop(send.NAME, lambda: _is_full(turn()), wake.levels)

    def start(self) -> None:
        """Begin."""
        self._note.start()
        self._send.start()

    def stop(self, within_s: float) -> None:
        """Begin no further turn, and wait for those that run."""
        self._note.stop(within_s)
        self._send.stop(within_s)

    def drain(self, within_s: float) -> bool:
        """Finish what is on its way, within the app; gives whether nothing was cut off."""
        return bool(guarded(send.NAME, lambda: self._sending.drain(within_s)))


def _note() -> int:
    return note.run().done


def _has_done(done: int | None) -> bool | None:
    return None if done is None else done > 0


def _is_full(made_ready: int | None) -> bool | None:
    """What comes back wakes the loop, so there is never more to do at once."""
    return None if made_ready is None else False
