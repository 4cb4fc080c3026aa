"""The one door to the senders of pushes: an address and a message in, an outcome out, nothing ever raised.

Where no sender is set up for a kind of address the outcome is LOGGED, and who asked shows the message to people, so
that the whole works without any account at Google.
"""

from typing import Protocol

from notifications.message import DEADLINE_S, Push, PushAddress
from notifications.outcome import Outcome, Sent

LOGGED = Sent("log")


class Sender(Protocol):
    """What sends to one kind of address."""

    def send(self, address: PushAddress, message: Push) -> Outcome: ...


class ClosableSender(Sender, Protocol):
    """A sender that keeps connections open."""

    def close(self) -> None: ...


class Senders:
    """Built once per job process, used by all of its threads. Neither sender takes longer than `deadline_s`."""

    def __init__(self, fcm: ClosableSender | None, web_push: Sender | None, *, deadline_s: float = DEADLINE_S) -> None:
        self.deadline_s = deadline_s
        self._fcm = fcm
        self._web_push = web_push

    def send(self, address: PushAddress, message: Push) -> Outcome:
        """What became of it; LOGGED for want of a sender."""
        sender = self._web_push if address.kind == "web_push" else self._fcm
        return LOGGED if sender is None else sender.send(address, message)

    def close(self) -> None:
        """Closes connections."""
        if self._fcm is not None:
            self._fcm.close()
