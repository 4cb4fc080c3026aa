"""The job process: `python -m jobs`, or `orderbell jobs`. Any number of them may run, on any number of machines.

SIGTERM and SIGINT stop it cleanly: nothing new is begun, and what is on its way has ten seconds to come back.
"""

import os
import signal
import sys
import threading
import time
from dataclasses import replace
from types import FrameType

from jobs import timetable, wake
from jobs.channels.loops import ChannelLoops
from jobs.clock import Timekeeper
from jobs.loop import Loop
from jobs.run import Runner
from jobs.sending.senders import Sending
from jobs.sweep import guarded
from jobs.telling import fan_out
from merchant_api.app import create_app
from merchant_api.core import log, unsafe_database
from merchant_api.core.embedded.binaries import EmbeddedFailed
from merchant_api.core.roles import JOBS
from merchant_api.core.settings import BadSetting, Settings
from merchant_api.server.installation import open_installation

PATIENCE_S = 10.0
_log = log.log("jobs")


class Process:
    """Everything that runs in a job process, from its start to its stop."""

    def __init__(self, settings: Settings) -> None:
        self._app = create_app(settings, role="jobs")
        unsafe_database.watch(self._app)
        runner = Runner(self._app)
        self._sending = Sending(settings)
        self._clock = Timekeeper(timetable.entries(runner))
        self._fan_out = Loop(fan_out.NAME, lambda: _has_done(runner.once(fan_out.NAME, _fan_out)), threading.Event())
        self._channels = ChannelLoops(runner)
        self._deliver = Loop("deliver", lambda: _is_full(runner.once("deliver", self._sending.turn)), wake.deliver)

    def start(self) -> None:
        """Begin."""
        self._clock.start()
        self._fan_out.start()
        self._deliver.start()
        self._channels.start()

    def stop(self) -> bool:
        """End within ten seconds; gives whether nothing was cut off."""
        until = time.monotonic() + PATIENCE_S
        clock = threading.Thread(target=self._clock.stop, daemon=True)
        clock.start()
        self._fan_out.stop(until - time.monotonic())
        self._deliver.stop(until - time.monotonic())
        self._channels.stop(until - time.monotonic())
        with self._app.app_context():
            # Without a database nothing is recorded, which is no reason to end in any other way.
            is_whole = guarded("deliver", lambda: self._sending.drain(max(0.0, until - time.monotonic())))
            are_sent = self._channels.drain(max(0.0, until - time.monotonic()))
        clock.join(max(0.0, until - time.monotonic()))
        self._sending.close()
        return bool(is_whole) and are_sent and not clock.is_alive()


def main() -> None:
    """Run until a signal comes. Refused: a bad setting, an unsafe database (exit 2), no database to be had (exit 1)."""
    log.configure()
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    installation = open_installation()
    settings = replace(installation.settings, database_url=installation.url_of(JOBS))
    unsafe_database.check(settings, "jobs")
    process = Process(settings)
    process.start()
    _log.info("jobs.started")
    while not stop.wait(0.5):  # the kernel may give the signal to another thread, which does not end this wait
        pass
    is_clean = process.stop()
    _log.info("jobs.stopped", is_clean=is_clean)
    if not is_clean:
        sys.stdout.flush()
        os._exit(0)  # the interpreter would wait for the threads; their leases run out by themselves


def _fan_out() -> int:
    return fan_out.run().done


def _has_done(done: int | None) -> bool | None:
    return None if done is None else done > 0


def _is_full(set_out: int | None) -> bool | None:
    """What sets out wakes the loop when it comes back, so there is never more to do at once."""
    return None if set_out is None else False


if __name__ == "__main__":
    try:
        main()
    except BadSetting as wrong:
        sys.stderr.write(f"orderbell: {wrong}\n")
        sys.exit(2)
    except EmbeddedFailed as failed:
        sys.stderr.write(f"orderbell: {failed}\n")
        sys.exit(1)
