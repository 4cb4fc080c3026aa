"""Which of a shop's locations levels are written to: the chosen one, else the only one that is open."""

from dataclasses import dataclass

from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.kinds.shopify import kept
from merchant_api.channels.kinds.shopify.gids import gid
from merchant_api.channels.kinds.shopify.graph import AdminGraph
from merchant_api.channels.kinds.shopify.queries import LOCATIONS

KEPT_S = 60.0  # a location that is opened beside the only one is noticed by then


@dataclass(frozen=True, slots=True)
class ShopPlace:
    """A location of a shop."""

    id: str
    name: str
    is_active: bool


def choose(graph: AdminGraph, chosen: str | None) -> str:
    """The id of a location, asked for only where it isn't given or known; raises ShopOdd with what to choose from."""
    given = gid("Location", chosen) if chosen else None
    if given:
        return given
    name = f"{graph.address} {chosen or ''}"
    return kept.get(name) or kept.keep(name, find(graph, chosen).id, KEPT_S)


def find(graph: AdminGraph, chosen: str | None) -> ShopPlace:
    """The location by id, number or name, or the only open one; raises ShopOdd with what to choose from."""
    places = _all(graph)
    names = ", ".join(f"«{place.name}»" for place in places if place.is_active)
    if chosen:
        found = [place for place in places if place.id == gid("Location", chosen)]
        found = found or [place for place in places if place.name.strip().casefold() == chosen.strip().casefold()]
        if len(found) == 1 and found[0].is_active:
            return found[0]
        raise ShopOdd(f"The shop has no open location «{chosen}»: choose one of {names}.")
    active = [place for place in places if place.is_active]
    if len(active) == 1:
        return active[0]
    raise ShopOdd(f"The shop has {len(active)} open locations: choose the one that levels are written to, of {names}.")


def _all(graph: AdminGraph) -> list[ShopPlace]:
    places: list[ShopPlace] = []
    after: str | None = None
    while True:
        page = graph.ask(LOCATIONS, after=after)["locations"]
        places += [ShopPlace(node["id"], node["name"], node["isActive"]) for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return places
