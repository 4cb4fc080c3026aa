"""Requests of one merchant never hold all the threads: those beyond its share wait in a lane, without a thread.

A long count that is promoted locks the stock of its merchant for seconds, and each order that comes in meanwhile waits
on a thread of its own; a dozen of them would be the whole server, and everybody else's orders would wait as well.
"""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from weakref import WeakValueDictionary

BELOW = "/v1/merchants/"


class ThreadShares:
    """A lane for each merchant that somebody asks about; of so many threads it takes half at most."""

    def __init__(self, threads: int) -> None:
        self._share = max(1, threads // 2)
        self._lanes: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def of(self, path: str) -> AbstractAsyncContextManager[None]:
        """What a request to this path enters before it takes a thread; it lives as long as somebody is in it."""
        if not path.startswith(BELOW):
            return nullcontext()
        merchant = path[len(BELOW) :].partition("/")[0].lower()
        return self._lanes.setdefault(merchant, asyncio.Semaphore(self._share))
