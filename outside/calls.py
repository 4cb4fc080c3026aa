"""Several calls that together keep one deadline: a pass over somebody's API, and no answer without an end."""

import time
from collections.abc import Mapping

from outside.exchange import Outside
from outside.question import Question, ReceivedAnswer, UnreachableError

MOST_BYTES = 16 * 1024 * 1024


class Calls:
    """One pass: what is asked through it ends within `deadline_s` of its making, all of it together."""

    def __init__(self, outside: Outside, deadline_s: float, most_bytes: int = MOST_BYTES) -> None:
        self._outside = outside
        self._ends_at = time.monotonic() + deadline_s
        self._most_bytes = most_bytes

    def ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> ReceivedAnswer:
        """The answer, whatever its status. Raises guard.ForbiddenError or UnreachableError (one too long, too)."""
        left_s = self._ends_at - time.monotonic()
        if left_s <= 0:
            raise UnreachableError("no answer in time")
        answer = self._outside.ask(Question(method, url, body, headers, self._most_bytes + 1), left_s)
        if len(answer.body) > self._most_bytes:
            raise UnreachableError("its answer is too long")
        return answer
