"""What we sign in with: the access token of an app, or its id and secret, by which a token for a day is asked for.

Apps made since 2026 have no token to copy; theirs is asked for by the client credentials grant. A process keeps it
until shortly before it ends, and asks anew where Shopify takes it no more.
"""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

from merchant_api.channels.faults import ShopAway, ShopDenies
from merchant_api.channels.kinds.shopify import kept
from merchant_api.channels.wire import ShopWire

EARLY_S = 300.0


class Token:
    """The token for one pass."""

    def __init__(self, wire: ShopWire, address: str, credentials: Mapping[str, str]) -> None:
        self._wire = wire
        self._credentials = credentials
        parts = (address, credentials.get("client_id", ""), credentials.get("client_secret", ""))
        self._name = hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def text(self) -> str:
        """The token; raises a ShopFault where none can be had."""
        given = self._credentials.get("access_token")
        if given:
            return given
        found = kept.get(self._name)
        if found is not None:
            return found
        text, lasts_s = self._asked_for()
        return kept.keep(self._name, text, lasts_s - EARLY_S)

    def may_be_renewed(self) -> bool:
        """Whether another one may be had, now that this one is refused: it is forgotten."""
        return not self._credentials.get("access_token") and kept.drop(self._name)

    def _asked_for(self) -> tuple[str, float]:
        secret = self._credentials.get("client_secret", "").split()
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.get("client_id", ""),
            "client_secret": secret[0] if secret else "",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        answer = self._wire.ask("POST", "/admin/oauth/access_token", body=urlencode(form).encode(), headers=headers)
        if answer.status != 200:
            why = "Shopify gives no token for this client id and secret: see that the app is installed in this shop."
            raise ShopDenies(why, answer.text, answer.status)
        told = answer.json()
        if not (isinstance(told, dict) and isinstance(told.get("access_token"), str)):
            raise ShopAway("The shop answered something that Shopify does not.", "", answer.status)
        return told["access_token"], float(told.get("expires_in", 0))
