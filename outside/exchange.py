"""Requests to addresses that a user gave: they reach the public internet and nothing else.

Every new line goes to an address that the guard let pass (`dial.py`); between questions a line may be kept for the next
one to the same place (`kept.py`). No redirects, no proxy of the environment, a cap on the answer, and one deadline for
the whole exchange. Clients with a time-out per read (requests is one) cannot give that: a receiver that sends a byte
now and then would hold a worker.
"""

import http.client
import ssl
from collections.abc import Mapping

from outside.dial import Dialler, Resolve, resolve
from outside.guard import Destination
from outside.kept import KeptLines, OpenLine, Reached
from outside.question import ANSWER_BYTES, Question, ReceivedAnswer, UnreachableError
from outside.reach import EVERYWHERE, Reach
from outside.speak import speak
from outside.watch import Watch

# Who asks finds here whatever asking needs.
__all__ = ["ANSWER_BYTES", "Outside", "Question", "ReceivedAnswer", "Resolve", "UnreachableError", "resolve"]

# How a line that was kept shows that the other side had left it. A reset within an answer looks the same, which does
# no harm: nothing is asked again but what may be.
_LEFT = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


class Outside:
    """Asks at addresses from outside, as far as they are within reach. Many threads may ask through one."""

    def __init__(self, reach: Reach = EVERYWHERE, resolve: Resolve = resolve, kept: KeptLines | None = None) -> None:
        self._reach = reach
        self._dialler = Dialler(resolve)
        self._kept = kept or KeptLines()

    def post(self, url: str, body: bytes, headers: Mapping[str, str], deadline_s: float) -> ReceivedAnswer:
        """The answer, whatever its status. Raises guard.ForbiddenError or UnreachableError.

        On a line of its own: it may not be repeated, and is worth more than the time that a line which was left costs.
        """
        return self.ask(Question("POST", url, body, {**headers, "Connection": "close"}), deadline_s)

    def ask(self, question: Question, deadline_s: float) -> ReceivedAnswer:
        """The answer, whatever its status. Raises guard.ForbiddenError or UnreachableError."""
        target = self._reach.target(question.url)
        with Watch(deadline_s) as watch:
            try:
                answer, free = self._asked(target, question, watch)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise UnreachableError(watch.explain(error)) from None
        # Not before the watch has let go of the line: it would end the next exchange on it.
        if free is not None:
            self._kept.keep(free)
        return answer

    def _asked(self, target: Destination, question: Question, watch: Watch) -> tuple[ReceivedAnswer, OpenLine | None]:
        """The answer, and the line that is free after it."""
        reached = Reached.by(target)
        kept = None if question.goes_alone else self._kept.take(reached)
        if kept is not None:
            try:
                return self._said(kept, target, question, watch)
            except _LEFT:
                if watch.is_over or not question.may_be_repeated:
                    raise
        dialled_at = self._kept.now()
        line = OpenLine(self._dialler.dial(target, watch), reached, dialled_at)
        return self._said(line, target, question, watch)

    def _said(
        self, line: OpenLine, target: Destination, question: Question, watch: Watch
    ) -> tuple[ReceivedAnswer, OpenLine | None]:
        try:
            line.socket.settimeout(watch.left_s())
            watch.over(line.socket)
            answer, is_free = speak(line.socket, target, question)
        except BaseException:
            line.socket.close()
            raise
        if watch.is_over:  # what was cut off at the deadline may look whole
            line.socket.close()
            raise TimeoutError
        return answer, line if is_free else None
