"""Processes that end with the one that started them, however that one ended: nothing is left behind by a kill.

The rule: the kernel tells the child (Linux only), so that no parent has to live long enough to say it.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def dies_with(parent: int, said: signal.Signals) -> Callable[[], None]:
    """What a child calls to get the signal `said` when process `parent` (the thread that started it) ends.

    Made before a fork and called after it, it is safe as `preexec_fn`.
    """
    if sys.platform != "linux":
        return lambda: None
    libc = ctypes.CDLL(None)  # loaded here: between fork and exec it would not be safe

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, said)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)

    return ask
