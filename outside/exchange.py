"""Requests to addresses that a user gave: they reach the public internet and nothing else.

The name is resolved once, every address it has is checked (`guard.py`), and the connection goes to a checked one, so
that a name which changes its mind in between (DNS rebinding) gains nothing. No redirects, no proxy of the environment,
a cap on the answer, and one deadline for the whole exchange. Clients with a time-out per read (requests is one) cannot
give that: a receiver that sends a byte now and then would hold a worker.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import certifi

from outside import guard
from outside.guard import Destination
from outside.reach import EVERYWHERE, Reach
from outside.watch import Watch

Resolve = Callable[[str, int], list[str]]

ANSWER_BYTES = 16_384


class UnreachableError(Exception):
    """No whole answer came back in time. The text says at what it failed and does not repeat the address."""


@dataclass(frozen=True)
class ReceivedAnswer:
    """Status, headers (names in lower case) and the first bytes of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the system's resolver has it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Question:
    """A call that shall be made, and how much of its answer is wanted."""

    method: str
    url: str
    body: bytes | None
    headers: Mapping[str, str]
    most_bytes: int = ANSWER_BYTES


class Outside:
    """Posts to addresses from outside, as far as they are within reach."""

    def __init__(self, reach: Reach = EVERYWHERE, resolve: Resolve = resolve) -> None:
        self._reach = reach
        self._resolve = resolve
        self._trust = ssl.create_default_context()
        self._trust.load_verify_locations(certifi.where())

    def post(self, url: str, body: bytes, headers: Mapping[str, str], deadline_s: float) -> ReceivedAnswer:
        """The answer, whatever its status. Raises guard.ForbiddenError or UnreachableError."""
        return self.ask(Question("POST", url, body, headers), deadline_s)

    def ask(self, question: Question, deadline_s: float) -> ReceivedAnswer:
        """The answer, whatever its status. Raises guard.ForbiddenError or UnreachableError."""
        target = self._reach.target(question.url)
        with Watch(deadline_s) as watch:
            addresses = self._checked(target)
            try:
                answer = self._exchange(target, addresses, question, watch)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise UnreachableError(watch.explain(error)) from None
            if watch.is_over:  # what was cut off at the deadline may look whole
                raise UnreachableError("no answer in time")
            return answer

    def _checked(self, target: Destination) -> list[str]:
        try:
            addresses = self._resolve(target.host, target.port)
        except (OSError, UnicodeError):
            raise UnreachableError("its name could not be resolved") from None
        if not addresses:
            raise UnreachableError("its name has no address")
        guard.check(target, addresses)
        return addresses

    def _exchange(self, target: Destination, addresses: list[str], question: Question, watch: Watch) -> ReceivedAnswer:
        wire = http.client.HTTPConnection(target.host, target.port)
        wire.sock = self._connect(target, addresses, watch)
        try:
            path = (target.url.path or "/") + (f"?{target.url.query}" if target.url.query else "")
            headers = {**question.headers, "Host": target.url.netloc, "Connection": "close"}
            wire.request(question.method, path, body=question.body, headers=headers)
            reply = wire.getresponse()
            named = {name.lower(): value for name, value in reply.getheaders()}
            return ReceivedAnswer(reply.status, named, reply.read(question.most_bytes))
        finally:
            wire.close()

    def _connect(self, target: Destination, addresses: list[str], watch: Watch) -> socket.socket:
        for number, address in enumerate(addresses, start=1):
            try:
                plain = socket.create_connection((address, target.port), timeout=watch.left_s())
                break
            except OSError:
                if number == len(addresses):
                    raise
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.settimeout(watch.left_s())
            watch.over(plain)
        except OSError:
            plain.close()
            raise
        if target.url.scheme == "http":
            return plain
        secure = self._trust.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
        secure.settimeout(watch.left_s())
        try:
            secure.do_handshake()
        except OSError:
            secure.close()
            raise
        return secure
