"""Google's token endpoint and FCM HTTP v1 on loopback, reached by firebase-admin with nothing in it patched.

The service account that this writes names the token endpoint here; for fcm.googleapis.com this is the HTTPS proxy,
which ends TLS with a certificate of its own authority. A program that runs with `environment()` and that account, in
this process or another, talks to Firebase as it would in earnest.
"""

import functools
import http.server
import json
import ssl
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.certificates import pem, write_certificates
from tests.fakes.loopback import Loopback, Server

HOST = "fcm.googleapis.com"
_STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}
_STATUS |= {429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE"}


@dataclass(frozen=True)
class Answer:
    """What FCM says to one message. `error` is its own error code; `is_silence` leaves the caller without answer.

    `dribbles` sends headers without end, a byte now and then.
    """

    status: int
    error: str = ""
    retry_after: str = ""
    is_silence: bool = False
    dribbles: bool = False


OK = Answer(200)
UNREGISTERED = Answer(404, "UNREGISTERED")
SENDER_ID_MISMATCH = Answer(403, "SENDER_ID_MISMATCH")
INVALID_ARGUMENT = Answer(400, "INVALID_ARGUMENT")
SILENCE = Answer(0, is_silence=True)
DRIBBLE = Answer(200, dribbles=True)


@dataclass(frozen=True)
class Received:
    """One message as it arrived, whatever was answered; `at` is of time.monotonic()."""

    message: dict[str, Any]
    at: float
    answer: Answer

    @property
    def address(self) -> str:
        return str(self.message.get("fid") or self.message.get("token"))


@dataclass
class FakeFcm(Loopback):
    """Answers in this order: the next of `queue`, else by the first fitting prefix of `by_prefix`, else success."""

    received: list[Received] = field(default_factory=list)
    queue: deque[Answer] = field(default_factory=deque)
    by_prefix: dict[str, Answer] = field(default_factory=dict)
    token_status: int = 200
    tokens_issued: int = 0
    project: str = "orderbell-tests"

    def start(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        self._ca, self._leaf = write_certificates(Path(self._folder.name), HOST)
        return super().start()

    def make_server(self) -> "_Server":
        return _Server(self, self._leaf)

    def stop(self) -> None:
        super().stop()
        self._folder.cleanup()

    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to reach this in place of Google."""
        proxy = {"HTTPS_PROXY": self.url, "https_proxy": self.url}
        return {
            **proxy,
            "REQUESTS_CA_BUNDLE": str(self._ca),
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def service_account(self, path: Path, token_uri: str = "") -> Path:
        """Writes a service account whose tokens are issued here (or at `token_uri`)."""
        account = {
            "type": "service_account",
            "project_id": self.project,
            "private_key_id": "1",
            "private_key": _account_key(),
            "client_email": f"orderbell@{self.project}.iam.gserviceaccount.com",
            "client_id": "1",
            "token_uri": token_uri or f"{self.url}/token",
        }
        path.write_text(json.dumps(account))
        return path

    def wait_for(self, count: int, timeout: float = 10.0) -> list[Received]:
        """The messages received, once there are `count`; TimeoutError if there never are."""
        return self.wait_until_come(self.received, count, timeout)

    def take(self, message: dict[str, Any], at: float) -> Answer:
        """Records a message and says what to answer."""
        address = str(message.get("fid") or message.get("token"))
        with self.arrived:
            by_prefix = (answer for prefix, answer in self.by_prefix.items() if address.startswith(prefix))
            answer = self.queue.popleft() if self.queue else next(by_prefix, _fault_in(message))
            self.received.append(Received(message, at, answer))
            self.arrived.notify_all()
        if answer.is_silence:
            self.stopping.wait(60)
        return answer


@functools.cache
def _account_key() -> str:
    """One key for all accounts of a process: making one takes a third of a second."""
    return pem(rsa.generate_private_key(65537, 2048))


def _fault_in(message: dict[str, Any]) -> Answer:
    """What the real one refuses: no single address, data that are not strings, more than 4,096 bytes."""
    shown = {"notification": message.get("notification", {}), "data": message.get("data", {})}
    is_addressed = len({"fid", "token", "topic", "condition"} & message.keys()) == 1
    is_text = all(isinstance(value, str) for value in shown["data"].values())
    is_small = len(json.dumps(shown, ensure_ascii=False).encode()) <= 4096
    return OK if is_addressed and is_text and is_small else INVALID_ARGUMENT


class _Server(Server):
    def __init__(self, fake: FakeFcm, leaf: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.fake = fake
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(leaf)


class _Exchange(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write per answer: two would wait 40 ms for each other
    server: _Server

    def log_message(self, *_: object) -> None:
        """Keeps the test output quiet."""

    def do_CONNECT(self) -> None:
        self.close_connection = True
        if self.path != f"{HOST}:443":
            return self._answer(403, {})
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        try:
            with self.server.tls.wrap_socket(self.connection, server_side=True) as secure:
                self._serve(secure)
        except OSError:
            pass  # the client went away
        return None

    def _serve(self, secure: ssl.SSLSocket) -> None:
        plain = self.rfile, self.wfile
        self.rfile, self.wfile = secure.makefile("rb"), secure.makefile("wb")
        try:
            self.close_connection = False
            while not self.close_connection:
                self.handle_one_request()
        finally:
            self.rfile.close()
            self.wfile.close()
            self.rfile, self.wfile = plain
            self.close_connection = True

    def do_POST(self) -> None:
        at = time.monotonic()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fake = self.server.fake
        if self.path == "/token":
            fake.tokens_issued += 1
            token = {"access_token": f"token{fake.tokens_issued}", "expires_in": 3600, "token_type": "Bearer"}
            return self._answer(fake.token_status, token if fake.token_status == 200 else {"error": "invalid_grant"})
        if self.path != f"/v1/projects/{fake.project}/messages:send":
            return self._answer(404, _error(Answer(404)))
        if not self.headers.get("Authorization", "").startswith("Bearer token"):
            return self._answer(401, _error(Answer(401)))
        answer = fake.take(json.loads(body)["message"], at)
        if answer.is_silence:
            self.close_connection = True
            return None
        if answer.dribbles:
            return self._dribble()
        if answer.status == 200:
            return self._answer(200, {"name": f"projects/{fake.project}/messages/{len(fake.received)}"})
        return self._answer(answer.status, _error(answer), answer.retry_after)

    def _dribble(self) -> None:
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not self.server.fake.stopping.wait(0.05):
            self.wfile.write(b"x")
            self.wfile.flush()

    def _answer(self, status: int, body: dict[str, Any], retry_after: str = "") -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(content)


def _error(answer: Answer) -> dict[str, Any]:
    status = _STATUS.get(answer.status, "UNKNOWN")
    detail = {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": answer.error}
    details = [detail] if answer.error else []
    return {"error": {"code": answer.status, "status": status, "message": "no", "details": details}}
