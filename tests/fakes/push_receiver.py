"""A Web Push service and the browsers behind it, on loopback: it checks what a real one checks and decrypts what came.

Refused with the status that real services give: no TTL (400), a body over 4,096 bytes (413), a VAPID token that is
missing, expired, for another audience, or signed by another key than the subscription was made for (403).
"""

import base64
import http.server
import json
import os
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Self

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.loopback import Loopback, Server


@dataclass(frozen=True)
class PushAnswer:
    """What the service says instead of taking the message."""

    status: int
    retry_after: str = ""


@dataclass(frozen=True)
class Subscription:
    """What a browser hands to the page: an endpoint and two keys, base64url without padding."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class Pushed:
    """One push that was taken: its JSON decrypted, the claims of the VAPID token, `at` of time.monotonic()."""

    endpoint: str
    payload: dict[str, Any]
    headers: dict[str, str]
    claims: dict[str, Any]
    at: float


@dataclass(frozen=True)
class _Browser:
    key: ec.EllipticCurvePrivateKey
    auth: bytes
    server_key: str


@dataclass
class PushReceiver(Loopback):
    """Answers in this order: the next of `queue`, else by `by_endpoint`, else 201. `received` has what was taken."""

    received: list[Pushed] = field(default_factory=list)
    queue: deque[PushAnswer] = field(default_factory=deque)
    by_endpoint: dict[str, PushAnswer] = field(default_factory=dict)
    requests: int = 0

    def start(self) -> Self:
        self._browsers: dict[str, _Browser] = {}
        return super().start()

    def make_server(self) -> "_Server":
        return _Server(self)

    def subscribe(self, server_key: str = "") -> Subscription:
        """A new subscription; with `server_key` (base64url) only pushes signed by that key are taken."""
        browser = _Browser(ec.generate_private_key(ec.SECP256R1()), os.urandom(16), server_key)
        path = f"/push/{encode(os.urandom(16))}"
        self._browsers[path] = browser
        point = browser.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Subscription(self.url + path, encode(point), encode(browser.auth))

    def wait_for(self, count: int, timeout: float = 10.0) -> list[Pushed]:
        """The pushes taken, once there are `count`; TimeoutError if there never are."""
        return self.wait_until_come(self.received, count, timeout)

    def take(self, path: str, headers: dict[str, str], body: bytes) -> PushAnswer:
        """Checks, decrypts and records a push, and says what to answer."""
        at = time.monotonic()
        with self.arrived:
            self.requests += 1
            scripted = self.queue.popleft() if self.queue else self.by_endpoint.get(self.url + path)
            browser = self._browsers.get(path)
            if scripted is not None or browser is None:
                return scripted or PushAnswer(404)
            claims = self._claims(headers.get("authorization", ""), browser)
            fault = 403 if claims is None else _fault_in(headers, body)
            if claims is None or fault:
                return PushAnswer(fault)
            payload = json.loads(http_ece.decrypt(body, private_key=browser.key, auth_secret=browser.auth))
            self.received.append(Pushed(self.url + path, payload, headers, claims, at))
            self.arrived.notify_all()
            return PushAnswer(201)

    def _claims(self, authorization: str, browser: _Browser) -> dict[str, Any] | None:
        scheme, _, rest = authorization.partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        if scheme.lower() != "vapid" or (browser.server_key and parts.get("k") != browser.server_key):
            return None
        try:
            point = base64.urlsafe_b64decode(parts["k"] + "==")
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
            claims: dict[str, Any] = jwt.decode(parts["t"], key, algorithms=["ES256"], audience=self.url)
        except (KeyError, ValueError, jwt.InvalidTokenError):
            return None
        return claims if claims["exp"] <= time.time() + 86_400 and claims.get("sub") else None


def encode(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _fault_in(headers: dict[str, str], body: bytes) -> int:
    if len(body) > 4096:
        return 413
    is_whole = headers.get("ttl", "").isdigit() and headers.get("content-encoding") == "aes128gcm"
    return 0 if is_whole and len(headers.get("topic", "")) <= 32 else 400


class _Server(Server):
    def __init__(self, receiver: PushReceiver) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.receiver = receiver


class _Exchange(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: _Server

    def log_message(self, *_: object) -> None:
        """Keeps the test output quiet."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.receiver.take(self.path, headers, body)
        self.send_response(answer.status)
        if answer.retry_after:
            self.send_header("Retry-After", answer.retry_after)
        if answer.status in (301, 302, 307, 308):
            self.send_header("Location", self.server.receiver.url + "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()
