"""What has to be asked of a shop before anything else, and what its answers mean.

Sign-in that fails raises; what would go wrong later is told in sentences: a shop that counts no stock answers 200 to
every level and changes nothing, a key that may only read looks like a good one until the first writing.
"""

from merchant_api.channels.connector import Checked
from merchant_api.channels.faults import ShopAway, ShopDenies, ShopOdd
from merchant_api.channels.kinds.woocommerce.reading import number, plain
from merchant_api.channels.kinds.woocommerce.rest import PERMALINKS, Row, WooRest, sent_away
from merchant_api.core.money import is_currency, precision

OLDEST = (5, 8)  # before, `modified_after` is ignored in silence
NO_STOCK = (
    "The shop counts no stock, so it takes no level: switch on stock management under WooCommerce > Settings >"
    " Products > Inventory."
)
NO_CRON = "WP-Cron is off in the shop: its webhooks come when its host's own cron runs, if it does; orders are polled."


def check(rest: WooRest) -> Checked:
    """Raises ShopDenies for a sign-in that fails, ShopOdd where there is no WooCommerce v3."""
    front = _front(rest)
    state = rest.one("/system_status", {"_fields": "environment,settings"})
    environment, settings = _part(state, "environment"), _part(state, "settings")
    problems: list[str] = []
    can = {"items"} | _levels(rest, problems) | _orders(rest, environment, problems)
    if environment.get("wp_cron") is False:
        problems.append(NO_CRON)
    if "levels" in can:  # whoever may only read can't make webhooks either
        can |= _if_allowed(rest, "events", "/webhooks", problems)
    currency = settings.get("currency")
    problems += _rounding(currency, settings.get("number_of_decimals"))
    name = plain(front.get("name")) or plain(front.get("url")) or None
    return Checked(name, None, frozenset(can), currency if isinstance(currency, str) else None, tuple(problems))


def _front(rest: WooRest) -> Row:
    """What the shop says of itself to anybody."""
    answer = rest.wire.ask("GET", "/wp-json/", query={"_fields": "name,url,home,namespaces,gmt_offset"})
    try:
        front = answer.json()
    except ShopAway:
        front = None
    if answer.status in (401, 403):
        raise ShopDenies(
            "The shop hides its REST API from strangers: a plugin or firewall does.", answer.text, answer.status
        )
    if answer.status >= 300 or not isinstance(front, dict) or "namespaces" not in front:
        raise sent_away(answer) if 300 <= answer.status < 400 else ShopOdd(PERMALINKS, answer.text, answer.status)
    if "wc/v3" not in front["namespaces"]:
        why = "The site has no WooCommerce API v3: see that WooCommerce is installed and active."
        raise ShopOdd(why, answer.text, answer.status)
    return front


def _levels(rest: WooRest, problems: list[str]) -> set[str]:
    setting = rest.one("/settings/products/woocommerce_manage_stock").get("value")
    if setting != "yes":
        problems.append(NO_STOCK)
    some = rest.rows("/products", {"per_page": 1, "orderby": "id", "order": "asc", "_fields": "id"})
    try:
        # Nothing is changed by it; but it is a writing, so a key that may only read is refused.
        if some:
            rest.ask("PUT", f"/products/{some[0]['id']}", {"_fields": "id"}, {})
        else:
            rest.ask("POST", "/products/batch", None, {})
    except ShopDenies as denied:
        problems.append(str(denied))
        return set()
    return {"levels"} if setting == "yes" else set()


def _orders(rest: WooRest, environment: Row, problems: list[str]) -> set[str]:
    version = str(environment.get("version", ""))
    parts = [int(part) for part in version.split(".")[:2] if part.isdecimal()]
    if len(parts) == 2 and tuple(parts) < OLDEST:
        problems.append(f"WooCommerce {version} can't tell which orders have changed: 5.8 or later can.")
        return set()
    return _if_allowed(rest, "orders", "/orders", problems)


def _if_allowed(rest: WooRest, word: str, path: str, problems: list[str]) -> set[str]:
    try:
        rest.rows(path, {"per_page": 1, "_fields": "id"})
    except ShopDenies as denied:
        problems.append(f"{word.capitalize()}: {denied}")
        return set()
    return {word}


def _rounding(currency: object, decimals: object) -> list[str]:
    digits = number(decimals)
    if not isinstance(currency, str) or not is_currency(currency) or digits is None or digits >= precision(currency):
        return []
    return [f"The shop rounds amounts to {digits} decimals, where {currency} has {precision(currency)}."]


def _part(state: Row, name: str) -> Row:
    part = state.get(name)
    return part if isinstance(part, dict) else {}
