"""Calls to the REST API of a WooCommerce shop, by https and Basic; its refusals in sentences.

Basic works only where PHP itself sees that the call came by https. Where it does not, the shop treats us as a stranger
(401 with a code of its own), which is not what it answers to a wrong secret: people are told which it is.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from merchant_api.channels.connector import ShopAccess
from merchant_api.channels.faults import ShopAway, ShopDenies, ShopFault, ShopOdd
from merchant_api.channels.wire import ShopAnswer, ShopWire

API = "/wp-json/wc/v3"
ROWS = 100  # the most that a page or a batch may have
NOT_SIGNED = "woocommerce_rest_authentication_error"
NO_ROUTE = "rest_no_route"
PERMALINKS = (
    "The shop has no REST API at this address: choose any permalinks but Plain under Settings > Permalinks, and see"
    " that no firewall hides /wp-json/."
)
Row = dict[str, Any]


class WooRest:
    """One shop, signed in, for a pass. `lists_variations`: it has the newer list of all variations; None: not known."""

    def __init__(self, access: ShopAccess, wire: ShopWire) -> None:
        self.access = access
        self.wire = wire
        self.lists_variations: bool | None = None
        pair = f"{access.credentials['consumer_key']}:{access.credentials['consumer_secret']}"
        self._headers = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        self._is_known = False

    def ask(self, method: str, path: str, query: Mapping[str, Any] | None = None, body: Any = None) -> ShopAnswer:
        """One call; raises ShopDenies for 401 and 403, ShopOdd for a redirect; other statuses are answers."""
        joined = {name: _joined(value) for name, value in (query or {}).items()}
        answer = self.wire.ask(method, API + path, query=joined, body=body, headers=self._headers)
        if answer.status in (401, 403):
            raise self._denied(answer, method)
        if 300 <= answer.status < 400:
            raise sent_away(answer)
        self._is_known = self._is_known or answer.status < 300
        return answer

    def rows(self, path: str, query: Mapping[str, Any]) -> list[Row]:
        """A list; raises ShopOdd where there is none."""
        return listed(self.ask("GET", path, query))

    def one(self, path: str, query: Mapping[str, Any] | None = None) -> Row:
        """One thing; raises ShopOdd where there is none."""
        answer = self.ask("GET", path, query)
        value = answer.json() if answer.status == 200 else None
        if not isinstance(value, dict):
            raise odd(answer)
        return value

    def _denied(self, answer: ShopAnswer, method: str) -> ShopDenies:
        code, _ = said(answer)
        if not code:
            why = "Something in front of the shop refuses us: ask its host to let Orderbell in."
        elif answer.status == 403:
            why = "The user of the key may not do this: make the key for an administrator or a shop manager."
        elif code != NOT_SIGNED:
            why = (
                "The shop does not know the consumer key, or does not see it: its web server must hand on the sign-in"
                " and tell PHP that the call came by https."
            )
        elif method == "GET":
            why = "The consumer secret is wrong, or the key may not read."
        elif self._is_known:
            why = "The key may only read: give it the permission Read/Write."
        else:
            why = "The consumer secret is wrong, or the key may only read."
        return ShopDenies(why, answer.text, answer.status)


def sent_away(answer: ShopAnswer) -> ShopOdd:
    """What a redirect means: none is followed, for our sign-in is meant for the address that was given."""
    where = answer.headers.get("location", "another address")
    return ShopOdd(f"The shop sends us to {where}: give the address that it really has.", "", answer.status)


def listed(answer: ShopAnswer) -> list[Row]:
    """The rows of an answer; raises ShopOdd where it has none."""
    value = answer.json() if answer.status == 200 else None
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise odd(answer)
    return value


def said(answer: ShopAnswer) -> tuple[str, str]:
    """Code and message of a refusal; "" where it has none."""
    try:
        value = answer.json()
    except ShopAway:
        return "", ""
    return refusal(value)


def refusal(value: Any) -> tuple[str, str]:
    """Code and message of an error as the API writes it; "" where it is none."""
    if not isinstance(value, dict) or not isinstance(value.get("code"), str):
        return "", ""
    return value["code"], str(value.get("message", ""))


def odd(answer: ShopAnswer) -> ShopFault:
    """What an answer means that is not what was asked for."""
    code, message = said(answer)
    if code == NO_ROUTE:
        why = "The shop has no WooCommerce API v3 at this address: see that WooCommerce is active there."
    elif answer.status == 404 and not code:
        why = PERMALINKS
    else:
        why = f"The shop answered {answer.status}: {message or 'not what was asked for'}"
    return ShopOdd(why, answer.text, answer.status)


def _joined(value: Any) -> Any:
    # PHP keeps the last of several values of one name, so that lists go with commas.
    return ",".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else value
