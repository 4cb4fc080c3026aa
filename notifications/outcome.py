"""What became of one attempt to send: senders return one of these and never raise.

No outcome carries an address, a token or a key: `why` is stored with the attempt and shown to people.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sent:
    """The push service took the message; that a person saw it is another matter."""

    reference: str = ""


@dataclass(frozen=True)
class Later:
    """Not now. `after_s` is the least wait in seconds, where one was stated or is prescribed."""

    why: str
    after_s: float | None = None


@dataclass(frozen=True)
class Refused:
    """Our fault, or a wrong project: trying again changes nothing. The address is kept."""

    why: str


@dataclass(frozen=True)
class Gone:
    """The address is dead. Remove it, if it is unchanged since the send."""

    why: str


Outcome = Sent | Later | Refused | Gone
