"""Which settings of a product go together, tested when it is saved; the database's CHECKs say the same."""

from merchant_api.catalog.errors import NotForRegistrations
from merchant_api.catalog.models import Fulfilment, ProductKind, WhenShort

FULFILMENT: dict[ProductKind, Fulfilment] = {
    ProductKind.MERCHANDISE: Fulfilment.COURIER,
    ProductKind.REGISTRATION: Fulfilment.NONE,
}
WHEN_SHORT: dict[ProductKind, WhenShort] = {
    ProductKind.MERCHANDISE: WhenShort.ASK,
    ProductKind.REGISTRATION: WhenShort.REFUSE,
}


def check(kind: ProductKind, fulfilment: Fulfilment, when_short: WhenShort) -> None:
    """Refuse what a registration can't have, per field; raises NotForRegistrations."""
    if kind is not ProductKind.REGISTRATION:
        return
    errors = {}
    if fulfilment is Fulfilment.COURIER:
        errors["fulfilment"] = ["A registration is not carried by a courier."]
    if when_short is WhenShort.BACKORDER:
        errors["when_short"] = ["A registration can't be ordered ahead of its seats."]
    if errors:
        raise NotForRegistrations(errors=errors)
