"""What a shop says of our app: its scopes, its currency, the location that is written to, and what is in the way."""

from merchant_api.channels.connector import Checked, ShopAccess
from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.kinds.shopify import locations
from merchant_api.channels.kinds.shopify.graph import AdminGraph
from merchant_api.channels.kinds.shopify.queries import CHECK

_NEEDED = {
    "levels": ("write_inventory", "read_inventory"),
    "orders": ("read_orders", "read_products"),
    "items": ("read_products", "read_inventory"),
}


def check(graph: AdminGraph, access: ShopAccess) -> Checked:
    """Sign in and look; raises a ShopFault where that fails."""
    graph.sign_in_anew()
    told = graph.ask(CHECK)
    scopes = {scope["handle"] for scope in told["currentAppInstallation"]["accessScopes"]}
    scopes |= {f"read_{scope.removeprefix('write_')}" for scope in scopes if scope.startswith("write_")}
    can = {ability for ability, needed in _NEEDED.items() if scopes.issuperset(needed)}
    if "orders" in can and access.credentials.get("client_secret"):
        can.add("events")
    problems = _of_scopes(scopes) + _of_version(graph)
    place = None
    if "read_inventory" in scopes:
        try:
            place = locations.find(graph, access.location).name
        except ShopOdd as odd:
            can -= {"levels", "items"}
            problems.append(str(odd))
    shop = told["shop"]
    return Checked(shop["name"], place, frozenset(can), shop["currencyCode"], problems)


def _of_scopes(scopes: set[str]) -> list[str]:
    needed = sorted({each for names in _NEEDED.values() for each in names} - scopes)
    if not needed:
        return []
    return [f"The app lacks the scopes {', '.join(needed)}: add them in Shopify and install the app anew."]


def _of_version(graph: AdminGraph) -> list[str]:
    if graph.answered_in in (None, graph.version):
        return []
    return [f"Shopify answered in version {graph.answered_in}, not in {graph.version}: set the version to one it has."]
