"""The one way to a shop: calls by the guard of `outside/`, within one deadline for a pass; answers as they are.

A body that is no JSON, 5xx and silence are `ShopAway`; 429 is `ShopBusy`; 401 and 403 come back as answers, as what
they mean differs by platform.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from merchant_api.channels.faults import ShopAway, ShopBusy
from merchant_api.core import clock
from outside.calls import Calls
from outside.exchange import UnreachableError
from outside.guard import ForbiddenError
from outside.retry_after import seconds_to_wait

LARGEST_EXPONENT = 30


@dataclass(frozen=True, slots=True)
class ShopAnswer:
    """What a shop answered; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The body as text, for people."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """The body read as JSON; raises ShopAway where it is none."""
        try:
            return json.loads(self.body, parse_float=_number)
        except (ValueError, RecursionError):
            raise ShopAway("The shop answered something that is not JSON.", self.text, self.status) from None


def _number(told: str) -> Decimal:
    """A number with a point or an exponent. One beyond all measure is none: to make it whole would take for ever."""
    found = Decimal(told)
    if not found.is_finite() or abs(found.adjusted()) > LARGEST_EXPONENT:
        raise ValueError("a number beyond all measure")
    return found


class ShopWire:
    """Calls to one address, for as long as one pass lasts."""

    def __init__(self, calls: Calls, address: str, headers: Mapping[str, str]) -> None:
        self._calls = calls
        self._address = address.rstrip("/")
        self._headers = dict(headers)

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> ShopAnswer:
        """One call; `body` is sent as JSON, bytes as they are. Raises ShopAway, ShopBusy."""
        url = self._address + path + (f"?{urlencode(query, doseq=True)}" if query else "")
        sent = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        typed = {} if sent is None else {"Content-Type": "application/json"}
        try:
            got = self._calls.ask(method, url, sent, {**self._headers, **typed, **(headers or {})})
        except ForbiddenError as error:
            raise ShopAway(f"The shop is not called: {error}.") from None
        except UnreachableError as error:
            raise ShopAway(f"The shop can't be reached: {error}.") from None
        answer = ShopAnswer(got.status, got.headers, got.body)
        if answer.status == 429:
            wait_s = seconds_to_wait(answer.headers.get("retry-after"), clock.now)
            raise ShopBusy("The shop asks for patience.", answer.text, answer.status, wait_s or 0.0)
        if answer.status >= 500:
            raise ShopAway(f"The shop answered {answer.status}.", answer.text, answer.status)
        return answer
