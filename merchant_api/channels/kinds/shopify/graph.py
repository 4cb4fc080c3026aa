"""The one way to the Admin API: a question by its text and variables, its data or a ShopFault.

`only_told` names fields that an app may not be allowed to read: where just these are refused, the rest is taken.
"""

import json
from collections.abc import Mapping
from typing import Any

from merchant_api.channels.faults import ShopAway, ShopBusy, ShopDenies
from merchant_api.channels.kinds.shopify import refusals
from merchant_api.channels.kinds.shopify.tokens import Token
from merchant_api.channels.shop_levels import Response
from merchant_api.channels.wire import ShopAnswer, ShopWire

VERSION_HEADER = "x-shopify-api-version"


class AdminGraph:
    """The Admin API of a shop in one version.

    Of the last answer: `last`, for people; `answered_in`, its version; `was_cut`, whether fields were refused.
    """

    def __init__(self, wire: ShopWire, address: str, token: Token, version: str) -> None:
        self._wire = wire
        self.address = address
        self._token = token
        self.version = version
        self.answered_in: str | None = None
        self.was_cut = False
        self.last = Response("")

    def ask(self, question: str, only_told: frozenset[str] = frozenset(), **variables: Any) -> dict[str, Any]:
        """The data of an answer; raises a ShopFault."""
        answer = self._called({"query": question, "variables": variables})
        self.last = Response(answer.text[:1000], answer.status)
        self.answered_in = answer.headers.get(VERSION_HEADER)
        fault = refusals.of_status(answer.status, answer.text)
        if fault:
            raise fault
        told = answer.json()
        if not isinstance(told, dict):
            raise ShopAway("The shop answered something that Shopify does not.", answer.text, answer.status)
        data, errors = told.get("data"), told.get("errors")
        if errors and not (isinstance(data, dict) and _are_about(errors, only_told)):
            extensions = told.get("extensions")
            cost = extensions.get("cost") if isinstance(extensions, dict) else None
            raise refusals.of_errors(errors, cost, answer.text)
        self.was_cut = bool(errors)
        if not isinstance(data, dict):
            raise ShopAway("The shop answered something that Shopify does not.", answer.text, answer.status)
        return data

    def sign_in_anew(self) -> None:
        """Forget a token that was asked for, which has the scopes of its day."""
        self._token.may_be_renewed()

    def _called(self, body: Mapping[str, Any]) -> ShopAnswer:
        answer = self._call(body)
        if answer.status == 401 and self._token.may_be_renewed():
            return self._call(body)
        return answer

    def _call(self, body: Mapping[str, Any]) -> ShopAnswer:
        headers = {"X-Shopify-Access-Token": self._token.text(), "Accept": "application/json"}
        try:
            return self._wire.ask("POST", f"/admin/api/{self.version}/graphql.json", body=body, headers=headers)
        except ShopBusy as busy:
            raise ShopBusy(str(busy), busy.text, busy.status, busy.after_s or _told_at_429(busy.text)) from None


def is_about_customers(denied: ShopDenies) -> bool:
    """Whether what is refused is who ordered, which needs an approval of its own."""
    told = f"{denied} {denied.text}"
    return any(word in told for word in ("Customer object", "read_customers", "protected-customer-data"))


def _are_about(errors: Any, names: frozenset[str]) -> bool:
    if not names or not isinstance(errors, list):
        return False
    paths = [error.get("path") if isinstance(error, dict) else None for error in errors]
    return all(isinstance(path, list) and not names.isdisjoint(map(str, path)) for path in paths)


def _told_at_429(text: str) -> float:
    try:
        told = json.loads(text)
        return refusals.seconds(told["extensions"]["cost"])
    except (ValueError, KeyError, TypeError):
        return 1.0
