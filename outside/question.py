"""What is asked of an address from outside, what comes back, and the one word for all that may fail in between."""

from collections.abc import Mapping
from dataclasses import dataclass

ANSWER_BYTES = 16_384


class UnreachableError(Exception):
    """No whole answer came back in time. The text says at what it failed and does not repeat the address."""


@dataclass(frozen=True)
class ReceivedAnswer:
    """Status, headers (names in lower case) and the first bytes of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """A call that shall be made, and how much of its answer is wanted.

    With the header `Connection: close` it goes over a line of its own, which ends with it.
    """

    method: str
    url: str
    body: bytes | None
    headers: Mapping[str, str]
    most_bytes: int = ANSWER_BYTES

    @property
    def goes_alone(self) -> bool:
        """Whether no other question shares its line."""
        return any(name.lower() == "connection" and "close" in said.lower() for name, said in self.headers.items())

    @property
    def may_be_repeated(self) -> bool:
        """Whether asking it twice is as asking it once, whatever the other side made of the first."""
        return self.method.upper() in ("GET", "HEAD")
