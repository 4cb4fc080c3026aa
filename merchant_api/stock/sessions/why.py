"""Why a cell becomes what a promotion makes of it: the sum of the plan as a sentence; pure."""

from typing import Protocol

from merchant_api.core.sentences.sentence import Sentence, say, say_all


class Planned(Protocol):
    """What a cell's sum consists of: a row of the plan, or what a promotion went by."""

    @property
    def counted(self) -> int | None: ...
    @property
    def unpicked(self) -> int: ...
    @property
    def moved(self) -> int: ...
    @property
    def left_out(self) -> int | None: ...
    @property
    def after(self) -> int: ...


def why(row: Planned) -> Sentence:
    """A cell's sum, as a person would say it."""
    if row.counted is None:
        return say("plan.not_counted_handed_over", units=row.after) if row.after else say("plan.not_counted")
    parts = [say("plan.counted", units=row.counted)]
    if row.unpicked > 0:
        waiting = "plan.waiting_of_them" if row.unpicked <= row.counted else "plan.waiting"
        parts.append(say(waiting, units=row.unpicked))
    if row.unpicked < 0:
        parts.append(say("plan.handed_over", units=-row.unpicked))
    if row.left_out is not None:
        parts.append(_left_out(row.left_out))
    elif row.moved:
        parts.append(say("plan.came_in" if row.moved > 0 else "plan.went_out", units=abs(row.moved)))
    if row.counted - row.unpicked + row.moved < 0:
        parts.append(say("plan.nothing"))
    return say_all(parts)


def _left_out(units: int) -> Sentence:
    if units == 0:
        return say("plan.left_out")
    return say("plan.left_out_came_in" if units > 0 else "plan.left_out_went_out", units=abs(units))
