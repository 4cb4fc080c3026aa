"""What the errors of an answer mean: a text for 401, 402, 403, 404 and 423, a list with codes at 200.

Throttled is told with what was asked, what is left and how much comes back a second, from which follows how long.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from merchant_api.channels.faults import ShopAway, ShopBusy, ShopDenies, ShopFault, ShopOdd

TOO_DEAR = "MAX_COST_EXCEEDED"
_SCOPE = re.compile(r"\b(?:read|write)_[a-z_]+")
_STATUS = {
    401: "Shopify does not take the access token: give a new one.",
    402: "Shopify has frozen the shop until its owner pays: settle that in Shopify.",
    403: "Shopify refuses the app: see in Shopify that it is installed and has its scopes.",
    423: "Shopify has locked the shop: its owner has to settle that with Shopify.",
}


class TooDear(ShopOdd):
    """One question costs more than Shopify answers: a smaller page may pass."""


def of_status(status: int, text: str) -> ShopFault | None:
    """What a status other than 200 means."""
    if status in _STATUS:
        return ShopDenies(_STATUS[status], text, status)
    if status == 404:
        return ShopOdd("Shopify knows no such shop, or no such version: see the address.", text, status)
    if status != 200:
        return ShopOdd(f"Shopify answered {status}.", text, status)
    return None


def of_errors(errors: Any, cost: Any, text: str) -> ShopFault:
    """What the errors of an answer mean, the first that we know deciding."""
    if not isinstance(errors, list):
        return ShopOdd(f"Shopify refuses what was asked: {errors}.", text, 200)
    codes = {code_of(error) for error in errors}
    if "THROTTLED" in codes:
        return ShopBusy("Shopify asks for patience.", text, 200, seconds(cost))
    if "ACCESS_DENIED" in codes:
        return ShopDenies(f"The app lacks {missing(errors)}: add it in Shopify and install the app anew.", text, 200)
    if "SHOP_INACTIVE" in codes:
        return ShopDenies("The shop is not active: its owner has to settle that with Shopify.", text, 200)
    if "INTERNAL_SERVER_ERROR" in codes:
        return ShopAway("Something went wrong at Shopify.", text, 200)
    said = "; ".join(str(error.get("message")) for error in errors if isinstance(error, dict))
    return (TooDear if TOO_DEAR in codes else ShopOdd)(f"Shopify refuses what was asked: {said}", text, 200)


def seconds(cost: Any) -> float:
    """How long until what was asked is affordable, by the leaky bucket; a second where that is not told."""
    try:
        throttle = cost["throttleStatus"]
        lacking = float(cost["requestedQueryCost"]) - float(throttle["currentlyAvailable"])
        return max(lacking / float(throttle["restoreRate"]), 0.1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return 1.0


def missing(errors: Sequence[Any]) -> str:
    """The scopes that are lacking, by name."""
    told = " ".join(
        f"{error.get('message')} {_extensions(error).get('requiredAccess')}"
        for error in errors
        if isinstance(error, dict)
    )
    names = sorted(set(_SCOPE.findall(told)))
    return f"the scope {' or '.join(names)}" if names else f"a right ({told[:200].strip()})"


def code_of(error: Any) -> str:
    """The code of an error, or nothing."""
    return str(_extensions(error).get("code", "")) if isinstance(error, dict) else ""


def _extensions(error: Mapping[str, Any]) -> Mapping[str, Any]:
    found = error.get("extensions")
    return found if isinstance(found, dict) else {}
