"""A worker whose loop stands still is ended by the kernel: who waits for it hears so, and another one takes its place.

The rule: the alarm needs neither a thread nor the interpreter, for these may be what hangs. The locks of granian and of
Python can wait for each other when a busy worker is told to stop; it would keep its connections open and answer nobody,
for ever where nothing is left above it.
"""

import asyncio
import signal

STANDS_STILL_S = 8  # less than any answer may take
BEAT_S = 1.0
GRACE_S = 15  # for what was begun when the process was told to stop


def beat(loop: asyncio.AbstractEventLoop) -> None:
    """Put the alarm off, again and again, as long as the loop runs. Unheard it ends the process (SIGALRM)."""
    signal.alarm(STANDS_STILL_S)
    loop.call_later(BEAT_S, beat, loop)


def beat_last() -> None:
    """The loop has ended, and so will the process: what was begun may still be answered, and no longer."""
    signal.alarm(GRACE_S)
