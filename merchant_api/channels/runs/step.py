"""One page of a run, whatever its kind: what is asked of the shop between two transactions, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_TOLD = 200  # problems and changes that a run keeps; the number of the others is told


@dataclass(frozen=True, slots=True)
class RunStep:
    """How far a run came by a page: `cursor` None where it was the last one and `is_over`.

    `asked` is what the run has to remember beside what was asked for; `wait_s` when it goes on.
    """

    cursor: str | None
    done: int
    is_over: bool = False
    of: int | None = None
    asked: Mapping[str, Any] | None = None
    problems: Sequence[dict[str, Any]] = ()
    changes: Sequence[dict[str, Any]] = ()
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class RunPage:
    """`ask` goes to the shop, without the database and within PASS_S; `settle` takes its answer, in a transaction."""

    ask: Callable[[], Any]
    settle: Callable[[Any], RunStep]


def told(before: Sequence[Any], more: Sequence[Any]) -> list[Any]:
    """What a run keeps of all that it has to tell: the first ones, and how many there were beyond."""
    kept = [each for each in before if "more" not in each]
    beyond = sum(each["more"] for each in before if "more" in each)
    room = max(0, MOST_TOLD - len(kept))
    beyond += max(0, len(more) - room)
    return [*kept, *list(more)[:room], *([{"more": beyond}] if beyond else [])]
