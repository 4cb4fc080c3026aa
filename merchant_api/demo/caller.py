"""One person of the story with her phone: signed in over HTTP, calling the API, reading what she was told."""

import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

import requests

T = TypeVar("T")
CALL_S = 15
PATIENCE_S = 20.0


class StepFailed(Exception):
    """A step of the story did not happen; the message says what was seen instead."""


class CallRefused(StepFailed):
    """The API refused a call; `code` is its word for programs."""

    def __init__(self, call: str, status: int, problem: dict[str, Any]) -> None:
        self.code = str(problem.get("code", ""))
        self.problem = problem
        super().__init__(f"{call} was refused ({status} {self.code}): {problem.get('detail', '')}")


class Caller:
    """Signed in to the API at `url`."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._url = url.rstrip("/")
        self._http = requests.Session()
        self._http.trust_env = False  # the API is named by its address; no proxy of the environment is meant

    def sign_in(self, login: str, password: str) -> "Caller":
        """Sign in. Refused: StepFailed."""
        given = self.post("/v1/auth/login", {"login": login, "password": password})
        self._http.headers["Authorization"] = f"Bearer {given['access_token']}"
        return self

    def sign_up_or_in(self, login: str, password: str) -> "Caller":
        """Register as a customer, or sign in where that happened before."""
        try:
            self.post("/v1/auth/register", {"login": login, "password": password, "name": self.name})
        except CallRefused as refused:
            if refused.code != "login_taken":
                raise
        return self.sign_in(login, password)

    def get(self, path: str) -> Any:
        """The answer to a GET."""
        return self._call("GET", path, None)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer to a POST, with a key of its own, so that a repeated one would have no second effect."""
        return self._call("POST", path, body)

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        """The answer to a PATCH."""
        return self._call("PATCH", path, body)

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """The answer to a PUT."""
        return self._call("PUT", path, body)

    def delete(self, path: str) -> Any:
        """The answer to a DELETE."""
        return self._call("DELETE", path, None)

    def told(self, order_id: str, event_type: str) -> dict[str, Any]:
        """The notification of this order and type, as soon as it is there."""

        def look() -> dict[str, Any] | None:
            for item in self.get("/v1/me/notifications?limit=100")["items"]:
                if item["order_id"] == order_id and item["type"] == event_type:
                    return dict(item)
            return None

        return until(look, f"{self.name} is told {event_type}")

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        headers = {"Idempotency-Key": uuid4().hex} if method != "GET" else {}
        try:
            reply = self._http.request(method, self._url + path, json=body, headers=headers, timeout=CALL_S)
        except requests.RequestException as failed:
            raise StepFailed(
                f"{self._url} does not answer ({type(failed).__name__}); is `orderbell up` running?"
            ) from None
        if not reply.ok:
            is_problem = reply.headers.get("Content-Type") == "application/problem+json"
            raise CallRefused(f"{method} {path}", reply.status_code, reply.json() if is_problem else {})
        return reply.json() if reply.content else None


def until(look: Callable[[], T | None], what: str, patience_s: float = PATIENCE_S) -> T:
    """What `look` finds, asked again for a while. Refused: StepFailed."""
    end = time.monotonic() + patience_s
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > end:
            raise StepFailed(f"waited {patience_s:.0f} s in vain until {what}")
        time.sleep(0.15)
