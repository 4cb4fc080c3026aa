"""The tokens of shops that this process signed in to, in memory only: each sign-in is a session that the shop keeps.

A token is good for whoever has the same address, user name and password, and is found by a hash of them.
"""

import hashlib
import threading
from collections import OrderedDict

from merchant_api.channels.connector import ShopAccess

_MOST = 10_000


class ShopTokens:
    """Used by many threads; the one that was not used for the longest time is forgotten first."""

    def __init__(self) -> None:
        self._found: OrderedDict[bytes, str] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, access: ShopAccess) -> str | None:
        """The token of this shop and account, if there is one."""
        key = _key(access)
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def keep(self, access: ShopAccess, token: str) -> None:
        """Use this one from now on."""
        key = _key(access)
        with self._lock:
            self._found[key] = token
            self._found.move_to_end(key)
            if len(self._found) > _MOST:
                self._found.popitem(last=False)


def _key(access: ShopAccess) -> bytes:
    parts = (
        access.address,
        str(access.options.get("path")),
        *(access.credentials[n] for n in ("username", "password")),
    )
    return hashlib.sha256(b"".join(hashlib.sha256(part.encode()).digest() for part in parts)).digest()
