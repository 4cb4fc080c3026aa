"""Guests of registrations, pure: a seat for oneself and one for each guest, all on one line (DESIGN.md, features C2).

How many guests are allowed is the product's limit, as for merchandise; whether there are seats is routing's.
"""

from merchant_api.orders.errors import GuestsMismatch, NotARegistration, RegistrationSplit
from merchant_api.orders.place.faults import Fault, WholeOrder
from merchant_api.orders.place.ground import Item
from merchant_api.orders.place.placement import LineWanted


def fault_of(line: LineWanted, item: Item, whole: WholeOrder) -> Fault | None:
    """NotARegistration, RegistrationSplit or GuestsMismatch, if anything."""
    if not item.is_registration:
        return Fault(NotARegistration, {"guests": ["Guests come to registrations."]}) if line.guests else None
    if whole.lines[item.product_id] > 1:
        return Fault(RegistrationSplit, {"product_id": ["Stands on another line too."]})
    if line.quantity != 1 + len(line.guests):
        return Fault(GuestsMismatch, {"quantity": ["Is not 1 and the number of guests."]})
    return None
