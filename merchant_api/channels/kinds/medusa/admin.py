"""Calls of the Admin API, and what its answers mean: 401 has no right, an HTML page for a path is no Medusa."""

from collections.abc import Mapping
from typing import Any

from merchant_api.channels.faults import ShopAway, ShopDenies, ShopOdd
from merchant_api.channels.wire import ShopAnswer, ShopWire


class MedusaAdmin:
    """One shop's Admin API. Raises ShopFaults; a refusal of what was asked comes back from `post` as its answer."""

    def __init__(self, wire: ShopWire, headers: Mapping[str, str]) -> None:
        self._wire = wire
        self._headers = headers

    def get(self, path: str, query: Mapping[str, Any], rows: str) -> list[Any]:
        """The rows of a list; raises ShopOdd where there are none under that name."""
        return self.page(path, query, rows)[0]

    def page(self, path: str, query: Mapping[str, Any], rows: str) -> tuple[list[Any], int | None]:
        """The rows of a list, and how many there are in all."""
        answer = self._ask("GET", path, query=query)
        told = answer.json()
        if answer.status >= 400 or not isinstance(told, dict) or not isinstance(told.get(rows), list):
            raise ShopOdd(f"The shop does not answer {path} as Medusa does.", answer.text, answer.status)
        if not all(isinstance(row, dict) for row in told[rows]):
            raise ShopOdd(f"The shop does not answer {path} as Medusa does.", answer.text, answer.status)
        count = told.get("count")
        return told[rows], count if isinstance(count, int) else None

    def post(self, path: str, body: Mapping[str, Any]) -> ShopAnswer:
        """What came of a wish; statuses 200, 400, 404 and 409 are for the caller to read."""
        return self._ask("POST", path, body=body)

    def _ask(
        self, method: str, path: str, query: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> ShopAnswer:
        answer = self._wire.ask(method, path, query=query, body=body, headers=self._headers)
        if answer.status == 401:
            why = "Medusa does not know the secret key: make a new one under Settings, Secret API keys."
            raise ShopDenies(why, answer.text, answer.status)
        if answer.status == 403:
            raise ShopDenies("The secret key has no right to this in Medusa.", answer.text, answer.status)
        if 300 <= answer.status < 400:
            where = answer.headers.get("location", "elsewhere")
            raise ShopOdd(f"The shop sends us to {where}: give its own address.", answer.text, answer.status)
        if answer.status == 404 and "json" not in answer.headers.get("content-type", ""):
            raise ShopOdd("There is no Medusa at this address: give that of its server.", answer.text, answer.status)
        return answer


def read_row(row: Any, *names: str) -> Any:
    """What lies under these names, one inside the other; None where there is nothing."""
    for name in names:
        row = row.get(name) if isinstance(row, dict) else None
    return row


def require_row(row: Any, name: str) -> Any:
    """What lies under a name without which the row means nothing; raises ShopAway."""
    found = read_row(row, name)
    if found is None:
        raise ShopAway(f"The shop left out {name} of a row.", str(row))
    return found
