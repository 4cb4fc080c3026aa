"""The Admin and Shop API of a Vendure under test, asked as its own screens ask them; any error fails the test."""

from typing import Any

import requests

USER, PASSWORD = "keeper", "keeps the shop"


_SIGN_IN = "mutation L($user: String!, $word: String!) { login(username: $user, password: $word) { __typename } }"


class VendureApi:
    """`admin` is the merchant, signed in once; each `Shopper` is a session of its own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._token = ""

    def admin(self, document: str, **variables: Any) -> Any:
        """The only field of the answer's data."""
        if not self._token:
            said = self.ask("admin-api", _SIGN_IN, {"user": USER, "word": PASSWORD}, "")
            self._token = said.headers["vendure-auth-token"]
        return _only(self.ask("admin-api", document, variables, self._token))

    def shopper(self) -> "Shopper":
        """Somebody who was never here."""
        return Shopper(self)

    def ask(self, path: str, document: str, variables: dict[str, Any], token: str) -> requests.Response:
        """The whole answer."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = {"query": document, "variables": variables}
        return requests.post(f"{self.address}/{path}", json=body, headers=headers, timeout=60)


class Shopper:
    """A visitor's session in the Shop API."""

    def __init__(self, api: VendureApi) -> None:
        self._api = api
        self._token = ""

    def ask(self, document: str, **variables: Any) -> Any:
        """The only field of the answer's data."""
        answer = self._api.ask("shop-api", document, variables, self._token)
        self._token = answer.headers.get("vendure-auth-token", self._token)
        return _only(answer)


def _only(answer: requests.Response) -> Any:
    said = answer.json()
    assert "errors" not in said, said
    (found,) = said["data"].values()
    assert not (isinstance(found, dict) and found.get("errorCode")), found
    return found
