"""What a shop says of our account: rights, location, channel and currency, and in sentences what is in the way."""

from typing import Any

from merchant_api.channels.connector import Checked, ShopAccess
from merchant_api.channels.kinds.vendure import stock
from merchant_api.channels.kinds.vendure.admin_api import NO_CHANNEL, AdminApi
from merchant_api.channels.kinds.vendure.documents import READ_ACCOUNT, READ_PLACES

_SEES_ITEMS = frozenset({"ReadCatalog", "ReadProduct"})
_SEES_PLACES = frozenset({"ReadCatalog", "ReadStockLocation"})
_SETS_LEVELS = frozenset({"UpdateCatalog", "UpdateProduct"})


def check(api: AdminApi, access: ShopAccess) -> Checked:
    """Signs in anew, so that it tells of these credentials and not of a token that is left of them."""
    api.sign_in()
    data = api.ask(READ_ACCOUNT)
    channel = data["activeChannel"]
    rights = {right for each in data["me"]["channels"] if each["id"] == channel["id"] for right in each["permissions"]}
    sees_items = bool(rights & _SEES_ITEMS) and bool(rights & _SEES_PLACES)
    can = {
        "items": sees_items,
        "levels": sees_items and bool(rights & _SETS_LEVELS),
        "orders": "ReadOrder" in rights,
    }
    location, problems = _location(api, access) if rights & _SEES_PLACES else (None, [])
    return Checked(
        account=f"{data['me']['identifier']} ({channel['code']})",
        location=location,
        can=frozenset(name for name, is_so in can.items() if is_so),
        currency=str(channel["defaultCurrencyCode"]),
        problems=[*_missing(can), *problems, *_channels(data, access)],
    )


def _missing(can: dict[str, bool]) -> list[str]:
    rights = {
        "items": "ReadCatalog, to see products and stock",
        "levels": "UpdateCatalog, to set stock",
        "orders": "ReadOrder, to take orders",
    }
    return [f"The account lacks the right {rights[name]}." for name, is_so in can.items() if not is_so]


def _location(api: AdminApi, access: ShopAccess) -> tuple[str | None, list[str]]:
    found = stock.places(api.ask(READ_PLACES))
    if not found.locations:
        return None, ["The shop has no stock location: make one there."]
    place = found.place(access.location)
    if place not in found.locations:
        return None, [found.no_such(place)]
    named = f"{found.locations[place]} ({place})"
    if access.location is None and len(found.locations) > 1:
        return named, [f"The shop has several stock locations: {found.names()}. Levels go to {named} until you choose."]
    return named, []


def _channels(data: dict[str, Any], access: ShopAccess) -> list[str]:
    codes = [str(each["code"]) for each in data["me"]["channels"]]
    token = access.options.get("channel")
    if token:  # a shop that has one channel takes any token for it
        return [] if token == data["activeChannel"]["token"] else [NO_CHANNEL]
    if len(codes) < 2:
        return []
    used = data["activeChannel"]["code"]
    return [f"The shop has several channels: {', '.join(codes)}. {used} is used until you say the token of another."]
