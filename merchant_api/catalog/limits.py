"""Which settings of a product go together, tested when it is saved; the database's CHECKs say the same."""

from merchant_api.catalog.errors import NotForRegistrations
from merchant_api.catalog.models import Fulfilment, Kind, WhenShort

FULFILMENT: dict[Kind, Fulfilment] = {Kind.MERCHANDISE: Fulfilment.COURIER, Kind.REGISTRATION: Fulfilment.NONE}
WHEN_SHORT: dict[Kind, WhenShort] = {Kind.MERCHANDISE: WhenShort.ASK, Kind.REGISTRATION: WhenShort.REFUSE}


def check(kind: Kind, fulfilment: Fulfilment, when_short: WhenShort) -> None:
    """Refuse what a registration can't have, per field; raises NotForRegistrations."""
    if kind is not Kind.REGISTRATION:
        return
    errors = {}
    if fulfilment is Fulfilment.COURIER:
        errors["fulfilment"] = ["A registration is not carried by a courier."]
    if when_short is WhenShort.BACKORDER:
        errors["when_short"] = ["A registration can't be ordered ahead of its seats."]
    if errors:
        raise NotForRegistrations(errors=errors)
