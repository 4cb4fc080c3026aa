"""Stock locations of a shop: which there are, and the one that levels are written to.

Medusa takes a level for a location that it does not have, so nothing is made at one that was not seen.
"""

from collections.abc import Iterable, Mapping

from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.kinds.medusa.admin import MedusaAdmin, read_row, require_row

MOST = 200


def read_places(admin: MedusaAdmin) -> dict[str, str]:
    """The names of the stock locations, by id."""
    rows = admin.get("/admin/stock-locations", {"limit": MOST, "fields": "id,name"}, "stock_locations")
    return {str(require_row(row, "id")): str(read_row(row, "name") or "") for row in rows}


def choose_place(places: Mapping[str, str], chosen: str | None) -> str:
    """The one that was chosen, or the only one; raises ShopOdd, with a sentence, where that is none."""
    if chosen in places:
        return str(chosen)
    if not places:
        raise ShopOdd("Medusa has no stock location: make one under Settings, Locations & Shipping.")
    if chosen:
        raise ShopOdd(f"Medusa has no stock location {chosen}: choose one of {_tell(places)}.")
    if len(places) > 1:
        raise ShopOdd(f"Medusa has several stock locations: choose one of {_tell(places)}.")
    return next(iter(places))


def missing_places(admin: MedusaAdmin, wanted: Iterable[str]) -> set[str]:
    """Those of these that the shop does not have; asked only if there are any to ask for."""
    asked = set(wanted)
    return asked - set(read_places(admin)) if asked else asked


def _tell(places: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({place})" for place, name in places.items())
