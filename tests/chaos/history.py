"""What the clients saw: every call as it was sent out, and how it came back, a line of JSON each.

The rule: it is written by the clients alone, and compared with the database when all is over. A call whose connection
broke is `unknown`: it may have been carried out or not.
"""

import json
import threading
import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self


class End(StrEnum):
    """How a call came back."""

    OK = "ok"  # 2xx
    REFUSED = "refused"  # a refusal that is final
    NOT_NOW = "not now"  # a refusal that says to ask again
    UNKNOWN = "unknown"  # no answer, or half of one
    GIVEN_UP = "given up"  # asked again and again, and never answered for good


@dataclass(frozen=True, slots=True)
class Call:
    """One try of a call and its end; `sent_at` and `ended_at` count from the start of the run."""

    errand: int
    step: str
    key: str
    sent_at: float
    ended_at: float
    end: End
    status: int = 0
    code: str = ""
    order: str = ""
    state: str = ""
    digest: str = ""
    is_replayed: bool = False
    has_retry_after: bool = False

    @property
    def seconds(self) -> float:
        """How long the client waited."""
        return self.ended_at - self.sent_at


class History:
    """All calls of a run, in a file and in memory."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w")
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self.calls: list[Call] = []

    def now(self) -> float:
        """Seconds since the start of the run."""
        return time.monotonic() - self._began

    def invoke(self, errand: int, step: str, key: str) -> float:
        """A call is about to be sent; gives when."""
        at = self.now()
        self._write({"end": "invoke", "errand": errand, "step": step, "key": key, "at": at})
        return at

    def end(self, call: Call) -> None:
        """It came back, or will not."""
        self._write(asdict(call))
        self.calls.append(call)

    def _write(self, line: dict[str, Any]) -> None:
        with self._lock:
            if not self._file.closed:  # a run that was broken off waits for nobody
                self._file.write(json.dumps(line) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._file.close()
