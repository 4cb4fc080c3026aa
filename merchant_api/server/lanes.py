"""Who hashes a password waits in a lane without a thread, for a second at most.

Nobody has to be signed in to register, and a hash takes a core for tens of milliseconds: a crowd of newcomers would
hold every thread. Each kind has a lane of its own, so that newcomers don't keep out who signs in.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from flask import Flask

from merchant_api.accounts import passwords
from merchant_api.accounts.errors import HashingBusy
from merchant_api.core import metrics
from merchant_api.core.endpoint import ENDPOINTS


class HashingLanes:
    """A lane for each endpoint that declares `hashes`; all of them together hold half of the threads at most."""

    def __init__(self, app: Flask, at_once: int, threads: int) -> None:
        self._lanes = {each: asyncio.Semaphore(at_once) for each in _hashing(app)}
        self.known = frozenset(self._lanes)
        self._all = asyncio.Semaphore(max(1, threads // 2))

    @asynccontextmanager
    async def of(self, method: str, path: str, body: bytes) -> AsyncIterator[None]:
        """What such a request enters before it takes a thread; raises HashingBusy when a second has passed.

        A body in which nothing can be called a password, as a change of one's name, has nothing hashed.
        """
        lane = self._lanes.get((method, path))
        async with AsyncExitStack() as held:
            if lane is not None and _may_name_a_password(body):
                await self._enter(held, lane)
            yield

    async def _enter(self, held: AsyncExitStack, lane: asyncio.Semaphore) -> None:
        try:
            async with asyncio.timeout(passwords.WAIT_S):
                await held.enter_async_context(lane)
                await held.enter_async_context(self._all)
        except TimeoutError:
            metrics.hashing_refused.inc()
            raise HashingBusy(retry_after=passwords.RETRY_AFTER_S) from None


def _hashing(app: Flask) -> set[tuple[str, str]]:
    declared = {name: each.method for name, each in ENDPOINTS.items() if each.shape.get("hashes")}
    return {(declared[rule.endpoint], rule.rule) for rule in app.url_map.iter_rules() if rule.endpoint in declared}


def _may_name_a_password(body: bytes) -> bool:
    return b"password" in body or b"\\" in body  # JSON may spell any letter by its number
