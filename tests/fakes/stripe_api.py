"""The part of Stripe's API that gives money back, on loopback, reached by Stripe's own library with nothing patched.

It keeps what the real one promises: a refund once for an idempotency key, the stored answer for the same key again, no
more back than was paid, and nothing of what a bank disputes (`stripe_account.py` sends the events of all that). Lessons
to it are answers in a queue: what it says, and whether it did the work before.
"""

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback import Loopback, Server

KEY = "sk_test_of_the_tests"


@dataclass(frozen=True)
class Answer:
    """What it says to the next wish. `is_done`: the refund is made; `is_lost`: the connection breaks off instead."""

    status: int = 200
    code: str = ""
    kind: str = "invalid_request_error"
    retry_after: str = ""
    is_done: bool = True
    is_lost: bool = False
    is_silence: bool = False
    refund_status: str = "succeeded"
    text: str = ""  # said in place of everything


OK = Answer()
PENDING = Answer(refund_status="pending")
FAILED = Answer(refund_status="failed")
LOST = Answer(is_lost=True)
NEVER_ARRIVED = Answer(is_lost=True, is_done=False)
SILENCE = Answer(is_silence=True)
CARD_CLOSED = Answer(402, "card_declined", "card_error", is_done=False)
BUSY = Answer(409, "lock_timeout", is_done=False)
TOO_FAST = Answer(429, "rate_limit", retry_after="7", is_done=False)
BROKEN = Answer(500, kind="api_error", is_done=False)


@dataclass
class FakeStripe(Loopback):
    """Answers the next of `queue`, else as the real one would."""

    paid: dict[str, int] = field(default_factory=dict)
    disputed: set[str] = field(default_factory=set)
    queue: deque[Answer] = field(default_factory=deque)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, idempotency key
    when_called: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self._stored: dict[str, tuple[int, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def make_server(self) -> "_Server":
        return _Server(self)

    @property
    def made(self) -> list[tuple[str, int]]:
        """Payment and amount of every refund that was made."""
        return [(refund["payment_intent"], refund["amount"]) for refund in self.refunds]

    def wait_for(self, calls: int, timeout: float = 10.0) -> None:
        """Wait until so many calls came; TimeoutError if they never do."""
        self.wait_until_come(self.calls, calls, timeout)

    def take(self, method: str, path: str, key: str) -> None:
        """Records a call."""
        with self.arrived:
            self.calls.append((method, path, key))
            self.arrived.notify_all()
        self.when_called()

    def create(self, form: dict[str, str], key: str) -> tuple[Answer, int, dict[str, Any]]:
        """Make a refund, or say again what was said."""
        with self._lock:
            answer = self.queue.popleft() if self.queue else OK
            if key in self._stored:
                return (answer, *self._stored[key])
            if (answer.is_lost or answer.text) and not answer.is_done:
                return answer, answer.status, {}
            status, body = self._refused(answer, form) or (200, self._made(form, answer.refund_status))
            if status in (200, 402) or (status == 500 and answer.is_done):
                self._stored[key] = status, body
            return answer, status, body

    def _refused(self, answer: Answer, form: dict[str, str]) -> tuple[int, dict[str, Any]] | None:
        if answer.status != 200 or not answer.is_done:
            if answer.status == 500 and answer.is_done:
                self._made(form, "succeeded")
            return answer.status, _error(answer.kind, answer.code)
        payment = form.get("payment_intent", "")
        if payment not in self.paid:
            return 404, _error("invalid_request_error", "resource_missing")
        if payment in self.disputed:
            return 400, _error("invalid_request_error", "charge_disputed")
        back = sum(amount for of, amount in self.made if of == payment)
        if back + int(form["amount"]) > self.paid[payment]:
            return 400, _error("invalid_request_error", "charge_already_refunded")
        return None

    def _made(self, form: dict[str, str], status: str) -> dict[str, Any]:
        prefix = "metadata["
        refund = {
            "id": f"re_{len(self.refunds) + 1}",
            "object": "refund",
            "amount": int(form["amount"]),
            "currency": "npr",
            "payment_intent": form["payment_intent"],
            "metadata": {name[len(prefix) : -1]: value for name, value in form.items() if name.startswith(prefix)},
            "status": status,
            "failure_reason": "declined" if status == "failed" else None,
        }
        self.refunds.append(refund)
        return refund


def _error(kind: str, code: str) -> dict[str, Any]:
    return {"error": {"type": kind, "code": code, "message": f"No: {code or kind}."}}


class _Server(Server):
    def __init__(self, fake: FakeStripe) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.fake = fake


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: _Server

    def log_message(self, *_: object) -> None:
        """Keeps the test output quiet."""

    def do_POST(self) -> None:
        form = {name: value[0] for name, value in parse_qs(self._body()).items()}
        if not self._is_known():
            return
        answer, status, body = self.server.fake.create(form, self.headers.get("Idempotency-Key", ""))
        if answer.is_silence:
            self.server.fake.stopping.wait(60)
        if answer.is_silence or answer.is_lost:
            self.close_connection = True
            return
        self._answer(status, body, answer.retry_after, answer.text)

    def do_GET(self) -> None:
        if not self._is_known():
            return
        url = urlsplit(self.path)
        found = self.server.fake.refunds
        if url.path == "/v1/refunds":
            payment = parse_qs(url.query)["payment_intent"][0]
            of_payment = [refund for refund in found[::-1] if refund["payment_intent"] == payment]
            self._answer(200, {"object": "list", "data": of_payment, "has_more": False, "url": "/v1/refunds"})
            return
        one = [refund for refund in found if url.path == f"/v1/refunds/{refund['id']}"]
        self._answer(200 if one else 404, one[0] if one else _error("invalid_request_error", "resource_missing"))

    def _body(self) -> str:
        return self.rfile.read(int(self.headers["Content-Length"])).decode()

    def _is_known(self) -> bool:
        self.server.fake.take(self.command, urlsplit(self.path).path, self.headers.get("Idempotency-Key", ""))
        if self.headers.get("Authorization") == f"Bearer {KEY}":
            return True
        self._answer(401, _error("invalid_request_error", "api_key_invalid"))
        return False

    def _answer(self, status: int, body: dict[str, Any], retry_after: str = "", text: str = "") -> None:
        content = (text or json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(content)
