"""The settings of a channel: what each is where nobody said, and how some are changed.

Locations are kept by id, so that they may be renamed, and shown by name. The rules that they state are in `rules.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from merchant_api.channels import acceptable
from merchant_api.channels.connector import Connector
from merchant_api.channels.states import DriftTake
from merchant_api.core.errors import Invalid
from merchant_api.stock import places
from merchant_api.stock.models import Location

DEFAULTS: Mapping[str, Any] = {
    "buffer": 0,
    "percent": 100,
    "least": 0,
    "most": None,
    "pack": 1,
    "locations": [],
    "shop_location": None,
    "restores_cancelled": True,
    "drift": DriftTake.ASK.value,
    "options": {},
}


def changed(merchant_id: UUID, of: Connector, stored: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """All settings, with the given ones as they are said now; raises Invalid, naming the field, and AmbiguousName."""
    made = {**DEFAULTS, **stored, **given}
    made["drift"] = DriftTake(made["drift"]).value
    if "locations" in given:
        made["locations"] = _location_ids(merchant_id, given["locations"] or [])
    if "options" in given:
        made["options"] = acceptable.options(of, stored.get("options", {}), given["options"] or {})
    if made["most"] is not None and made["least"] > made["most"]:
        _refuse("least", "No more than `most`.")
    if given.get("shop_location") is not None and not of.abilities.has_locations:
        _refuse("shop_location", "Shops of this kind have no locations.")
    return made


def shown(stored: Mapping[str, Any], names: Mapping[UUID, str]) -> dict[str, Any]:
    """All settings as people read them; `names` are those of the merchant's locations."""
    made = {**DEFAULTS, **stored}
    return made | {"locations": [names[UUID(each)] for each in made["locations"] if UUID(each) in names]}


def _location_ids(merchant_id: UUID, names: Sequence[str]) -> list[str]:
    found = places.ids(Location, merchant_id, names)
    missing = [name for name in names if name not in found]
    if missing:
        _refuse("locations", f"There is none of the name {missing[0]}.")
    return list(dict.fromkeys(str(found[name]) for name in names))


def _refuse(field: str, complaint: str) -> None:
    raise Invalid(errors={"settings": {field: [complaint]}})
