"""Which addresses that somebody gave us are called: what `guard.py` lets pass, and of that what the settings name.

Who stores an address and who dials it ask the same `Reach`, so nothing is taken that would not be called.
"""

from dataclasses import dataclass

from outside import guard
from outside.guard import AddressFault, Destination, ForbiddenError


@dataclass(frozen=True, slots=True)
class Reach:
    """Hosts by name. `opened` ("host" or "host:port") may lie inside and speak http.

    Of all others only those of `only`, any where it is empty: "push.example.com" is itself, "*.example.com" what is
    below it.
    """

    opened: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()

    def target(self, url: str) -> Destination:
        """Read an address that shall be called; its name is still to be resolved and checked. Raises ForbiddenError."""
        found = guard.target(url, self.opened)
        if not (found.is_opened or self._names(found.host)):
            raise ForbiddenError(AddressFault.NOT_NAMED)
        return found

    def look(self, url: str) -> None:
        """Refuse an address that shall be stored, without asking anybody. Raises ForbiddenError."""
        guard.look(self.target(url))

    def _names(self, host: str) -> bool:
        above = host.split(".")[1:]
        wider = {f"*.{'.'.join(above[number:])}" for number in range(len(above))}
        return not self.only or not self.only.isdisjoint({host} | wider)


EVERYWHERE = Reach()
