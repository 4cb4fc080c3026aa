"""Asks a Medusa who we are there, what we may do, and where levels go; what is in the way is told, not raised."""

from merchant_api.channels.connector import Checked, ShopAccess
from merchant_api.channels.faults import ShopDenies, ShopOdd
from merchant_api.channels.kinds.medusa.admin import MedusaAdmin, read_row
from merchant_api.channels.kinds.medusa.places import choose_place, read_places

PROBES = {
    "levels": ("/admin/inventory-items", "inventory_items"),
    "orders": ("/admin/orders", "orders"),
    "items": ("/admin/product-variants", "variants"),
}


def check_shop(admin: MedusaAdmin, access: ShopAccess) -> Checked:
    """Sign in; raises ShopFault where that fails."""
    stores = admin.get("/admin/stores", {"limit": 1, "fields": "id,name,*supported_currencies"}, "stores")
    store = stores[0] if stores else {}
    location, problems = None, []
    try:
        location = choose_place(read_places(admin), access.location)
    except ShopOdd as odd:
        problems.append(str(odd))
    can = frozenset(right for right, (path, rows) in PROBES.items() if _may(admin, path, rows))
    problems += [f"The secret key may not read {right} in Medusa." for right in PROBES if right not in can]
    codes = {str(read_row(each, "currency_code")).upper() for each in read_row(store, "supported_currencies") or ()}
    if codes and access.currency not in codes:
        problems.append(f"The shop sells in {', '.join(sorted(codes))}, and not in {access.currency}.")
    return Checked(
        read_row(store, "name"),
        location,
        can,
        access.currency if access.currency in codes else _currency(store),
        problems,
    )


def _may(admin: MedusaAdmin, path: str, rows: str) -> bool:
    try:
        admin.get(path, {"limit": 1, "fields": "id"}, rows)
    except ShopDenies:
        return False
    return True


def _currency(store: object) -> str | None:
    """The store's own currency."""
    for each in read_row(store, "supported_currencies") or ():
        if read_row(each, "is_default"):
            return str(each["currency_code"]).upper()
    return None
