"""The one door to all senders: an address and a message in, an outcome out, nothing ever raised.

Where no sender is set up for a kind of address, a readable line goes to the log sink, so that the whole works without
any account at Google. The line carries no address.
"""

from collections.abc import Callable
from typing import Protocol

from notifications.message import Address, Message
from notifications.outcome import Outcome, Sent


class Sender(Protocol):
    """What sends over one medium."""

    def send(self, address: Address, message: Message) -> Outcome: ...


class ClosableSender(Sender, Protocol):
    """A sender that keeps connections open."""

    def close(self) -> None: ...


class Senders:
    """Built once per job process, used by all of its threads."""

    def __init__(self, fcm: ClosableSender | None, web_push: Sender | None, log: Callable[[str], None]) -> None:
        self._fcm = fcm
        self._web_push = web_push
        self._log = log

    def send(self, address: Address, message: Message) -> Outcome:
        """What became of it; Sent("log") if it went to the log sink for want of a sender."""
        sender = self._web_push if address.kind == "web_push" else self._fcm
        if sender is not None:
            return sender.send(address, message)
        self._log(line_of(address, message))
        return Sent("log")

    def close(self) -> None:
        """Closes connections."""
        if self._fcm is not None:
            self._fcm.close()


def line_of(address: Address, message: Message) -> str:
    """The message as one line for people."""
    words = "takes the notification back" if message.is_silent else f"{message.title} | {message.body}"
    actions = message.data.get("actions")
    offered = f" [{actions}]" if actions else ""
    return " ".join(f"push ({address.kind}) {message.type} {message.tag}: {words}{offered}".split())
