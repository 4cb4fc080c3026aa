"""One way to ask the Admin API: signed in, and with its errors, which come as HTTP 200, told by what they mean.

A right that lapsed and one that was never given are the same word there, FORBIDDEN: we sign in anew, once in a pass,
and whoever is refused then lacks the right.
"""

import json
from typing import Any

from merchant_api.channels.connector import ShopAccess
from merchant_api.channels.faults import ShopDenies, ShopOdd
from merchant_api.channels.kinds.vendure.documents import SIGN_IN
from merchant_api.channels.kinds.vendure.tokens import ShopTokens
from merchant_api.channels.wire import ShopAnswer, ShopWire

_API = "/admin-api"
_TOKEN = "vendure-auth-token"  # noqa: S105  # the name of a header
NO_CHANNEL = "The shop has no channel with this token: say another in the channel's options."
_NOT_VENDURE = "The shop answered something that Vendure does not."


class VendureError(ShopOdd):
    """What was asked is refused as a whole, with `code` where the shop gives one: some errors are a database's words.

    Where one item was asked for it is that item's.
    """

    def __init__(self, message: str, code: str | None, answer: ShopAnswer) -> None:
        super().__init__(f"The shop refuses it: {message[:200]}", answer.text, answer.status)
        self.message = message
        self.code = code


class _Forbidden(ShopDenies):
    """Not signed in, or a right is missing."""


class AdminApi:
    """A shop's Admin API for one pass."""

    def __init__(self, access: ShopAccess, wire: ShopWire, tokens: ShopTokens) -> None:
        self._access = access
        self._wire = wire
        self._tokens = tokens
        self._path = "/" + str(access.options.get("path") or _API).strip("/")
        channel = access.options.get("channel")
        self._channel = {"vendure-token": str(channel)} if channel else {}
        self._signed_in = False

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer. Raises ShopFault; a VendureError where the shop refuses what was asked."""
        token = self._tokens.of(self._access) or self.sign_in()
        try:
            return self._data(document, variables, token)
        except _Forbidden:
            if self._signed_in:
                raise
        return self._data(document, variables, self.sign_in())

    def sign_in(self) -> str:
        """A new token, which is kept."""
        named = {name: self._access.credentials[name] for name in ("username", "password")}
        answer = self._post(SIGN_IN, named, {})
        said = _data_of(answer)["login"]
        if "errorCode" in said:
            why = "The shop does not know this user name and password: enter those of an administrator."
            raise ShopDenies(why, answer.text, answer.status)
        token = answer.headers.get(_TOKEN)
        if not token:
            why = f"The shop gave no token in {_TOKEN}: its server has to be set to the token method 'bearer'."
            raise ShopDenies(why, answer.text, answer.status)
        self._signed_in = True
        self._tokens.keep(self._access, token)
        return token

    def _data(self, document: str, variables: dict[str, Any], token: str) -> dict[str, Any]:
        return _data_of(self._post(document, variables, {"Authorization": f"Bearer {token}"}))

    def _post(self, document: str, variables: dict[str, Any], headers: dict[str, str]) -> ShopAnswer:
        body = {"query": document, "variables": variables}
        answer = self._wire.ask("POST", self._path, body=body, headers={**self._channel, **headers})
        if answer.status in {401, 403}:
            raise ShopDenies("What stands before the shop does not let us in.", answer.text, answer.status)
        if answer.status == 404:
            why = f"There is no Admin API at {self._path}: say where it lies in the channel's options."
            raise ShopOdd(why, answer.text, answer.status)
        if answer.status not in {200, 400}:
            raise ShopOdd(f"The shop answered {answer.status}.", answer.text, answer.status)
        return answer


def _data_of(answer: ShopAnswer) -> dict[str, Any]:
    said = answer.json()
    if not isinstance(said, dict):
        raise ShopOdd(_NOT_VENDURE, answer.text, answer.status)
    if said.get("errors"):
        _raise_error(said["errors"], answer)
    if not isinstance(said.get("data"), dict):
        raise ShopOdd(_NOT_VENDURE, answer.text, answer.status)
    data: dict[str, Any] = said["data"]
    return data


def _raise_error(errors: Any, answer: ShopAnswer) -> None:
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
    extensions = first.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    message = str(first.get("message") or json.dumps(errors))
    if code == "FORBIDDEN":
        why = "The account in the shop lacks a right: give it those that the check of this channel names."
        raise _Forbidden(why, answer.text, answer.status)
    if code == "CHANNEL_NOT_FOUND":
        raise ShopOdd(NO_CHANNEL, answer.text, answer.status)
    if answer.status == 400:
        why = "The shop does not understand what Vendure 3 does: is it another version?"
        raise ShopOdd(why, answer.text, answer.status)
    raise VendureError(message, code if isinstance(code, str) else None, answer)
