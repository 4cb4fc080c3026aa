"""One good client: it keeps its connections open, waits so long and no longer, and asks again with the same key.

What it does not know it asks again, until it has an answer for good; so every call ends in exactly one effect or none.
"""

import hashlib
import http.client
import json
import random
import selectors
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.chaos.history import Call, End, History

PATIENCE_S = 15.0  # longer than any answer may take, to see how long it took
GIVE_UP_S = 240.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0
NOT_NOW = {429, 503}
IN_USE = "idempotency_key_in_use"
BROKEN = (OSError, http.client.HTTPException)


@dataclass(frozen=True, slots=True)
class Ask:
    """A call to be made; `token` gives what it is signed with, anew where the old one has run out."""

    errand: int
    step: str
    key: str
    path: str
    body: Mapping[str, Any]
    token: Callable[[bool], str]


class Caller:
    """The client and its two connections: the second one is for calls that are made twice at once."""

    def __init__(self, port: int, history: History) -> None:
        self._history = history
        self._lines = [http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S) for _ in range(2)]

    def close(self) -> None:
        for line in self._lines:
            line.close()

    def call(self, ask: Ask, *, times: int = 1) -> Mapping[str, Any] | None:
        """The body of the good answer, None for a refusal; the first try goes out so many times at once."""
        until = time.monotonic() + GIVE_UP_S
        renewed, pause_s = False, FIRST_PAUSE_S
        while time.monotonic() < until:
            ends = self._try(ask, self._lines[:times], renewed)
            times, renewed = 1, any(call.status == 401 for call, _ in ends)
            for call, body in ends:
                if call.end is End.OK:
                    return body
            if any(call.end is End.REFUSED for call, _ in ends):
                return None
            stated_s = max(float(body.get("retry_after", 0)) for _, body in ends)
            time.sleep((min(LONGEST_PAUSE_S, stated_s) or pause_s) * random.uniform(0.5, 1.0))
            pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
        at = self._history.now()
        self._history.end(Call(ask.errand, ask.step, ask.key, at, at, End.GIVEN_UP))
        return None

    def _try(
        self, ask: Ask, lines: list[http.client.HTTPConnection], renewed: bool
    ) -> list[tuple[Call, Mapping[str, Any]]]:
        """Send over all the lines before any answer is read, then read them as they come."""
        text = json.dumps(ask.body)
        headers = {
            "Authorization": f"Bearer {ask.token(renewed)}",
            "Idempotency-Key": ask.key,
            "Content-Type": "application/json",
        }
        ends: list[tuple[Call, Mapping[str, Any]]] = []
        with selectors.DefaultSelector() as answers:
            for line in lines:
                sent_at = self._history.invoke(ask.errand, ask.step, ask.key)
                try:
                    line.request("POST", ask.path, text, headers)
                    answers.register(line.sock, selectors.EVENT_READ, (line, sent_at))
                except BROKEN as broke:
                    ends.append(self._unknown(ask, line, sent_at, broke))
            until = time.monotonic() + PATIENCE_S
            while answers.get_map():
                ready = answers.select(max(0.0, until - time.monotonic()))
                for key in [found for found, _ in ready] or list(answers.get_map().values()):
                    answers.unregister(key.fileobj)
                    ends.append(self._read(ask, *key.data) if ready else self._unknown(ask, *key.data))
        return ends

    def _unknown(
        self, ask: Ask, line: http.client.HTTPConnection, sent_at: float, broke: Exception | None = None
    ) -> tuple[Call, Mapping[str, Any]]:
        line.close()
        call = Call(ask.errand, ask.step, ask.key, sent_at, self._history.now(), End.UNKNOWN, code=_name_of(broke))
        self._history.end(call)
        return call, {}

    def _read(self, ask: Ask, line: http.client.HTTPConnection, sent_at: float) -> tuple[Call, Mapping[str, Any]]:
        try:
            reply = line.getresponse()
            raw = reply.read()
        except BROKEN as broke:
            return self._unknown(ask, line, sent_at, broke)
        body = _object(raw)
        order = body.get("order", body)
        call = Call(
            ask.errand,
            ask.step,
            ask.key,
            sent_at,
            self._history.now(),
            _end(reply.status, body),
            status=reply.status,
            code=str(body.get("code", "")) if reply.status >= 400 else "",
            order=str(order.get("id", "")),
            state=str(order.get("state", "")),
            digest=hashlib.sha256(raw).hexdigest()[:16],
            is_replayed=reply.headers.get("Idempotency-Replayed") == "true",
            has_retry_after="Retry-After" in reply.headers,
        )
        self._history.end(call)
        return call, body


def _name_of(broke: Exception | None) -> str:
    return "silence" if broke is None else type(broke).__name__


def _object(raw: bytes) -> Mapping[str, Any]:
    """An answer in other words than ours counts by its status."""
    try:
        body = json.loads(raw)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _end(status: int, body: Mapping[str, Any]) -> End:
    if status < 300:
        return End.OK
    is_not_now = status in NOT_NOW or status == 401 or body.get("code") == IN_USE or status >= 500
    return End.NOT_NOW if is_not_now else End.REFUSED
