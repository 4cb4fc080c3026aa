"""Work over items of several places of a shop, place by place, and the results in the order that was asked for."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Row = TypeVar("Row")
Result = TypeVar("Result")


def by_place(
    rows: Sequence[Row],
    place_of: Callable[[Row], str | None],
    choose: Callable[[str | None], str],
    work: Callable[[Sequence[Row], str], Sequence[Result]],
) -> list[Result]:
    """`work` once for each place that `choose` finds for what `place_of` names."""
    places = {named: choose(named) for named in dict.fromkeys(map(place_of, rows))}
    results: dict[int, Result] = {}
    for place in dict.fromkeys(places.values()):
        at = [number for number, row in enumerate(rows) if places[place_of(row)] == place]
        results |= dict(zip(at, work([rows[number] for number in at], place), strict=True))
    return [results[number] for number in range(len(rows))]
