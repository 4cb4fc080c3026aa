"""Medusa's own API as its merchant and its shoppers call it: JSON to and fro, and no answer but a good one is taken."""

from collections.abc import Mapping
from typing import Any

import requests

MOST_S = 60.0


class MedusaRefusal(Exception):
    """Medusa answered with a status that is no success."""


class MedusaApi:
    """Calls of one caller, known by `headers`."""

    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        self._address = address
        self._headers = dict(headers)

    def get(self, path: str) -> Any:
        """What the shop says of a path."""
        return self._ask("GET", path, None)

    def post(self, path: str, **body: Any) -> Any:
        """Have something made or done."""
        return self._ask("POST", path, body)

    def delete(self, path: str) -> Any:
        """Have something taken away."""
        return self._ask("DELETE", path, None)

    def _ask(self, method: str, path: str, body: Any) -> Any:
        answer = requests.request(method, self._address + path, json=body, headers=self._headers, timeout=MOST_S)
        if not answer.ok:
            raise MedusaRefusal(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()
