"""Close the live session and show what stands then: the closed one, the one sold from, and the next to count."""

from dataclasses import dataclass
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.stock.sessions import find, promote
from merchant_api.stock.sessions.find import SessionView
from merchant_api.stock.sessions.promote import Close


@dataclass(frozen=True, slots=True)
class ClosedView:
    """The three sessions after a close; how many cells were counted, changed, and set to 0 for want of a count."""

    closed: SessionView
    live: SessionView
    staged: SessionView
    counted: int
    changed: int
    zeroed: int


def close(merchant_id: UUID, wish: Close, actor: Actor) -> ClosedView:
    """Promote the staged session; raises what `promote.close` does."""
    done = promote.close(merchant_id, wish, actor)
    return ClosedView(
        closed=find.view(done.closed),
        live=find.view(done.live),
        staged=SessionView(done.staged, 0),
        counted=done.counted,
        changed=done.changed,
        zeroed=done.zeroed,
    )
