"""Nothing inside can be reached through an address that a user gave, in whatever way it is spelled."""

import contextlib
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from outside.exchange import ANSWER_BYTES, Outside, UnreachableError
from outside.guard import ForbiddenError
from outside.reach import Reach
from tests.fakes.certificates import write_certificates
from tests.fakes.push_receiver import PushAnswer, PushReceiver

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "url",
    [
        *("https://127.0.0.1/", "https://2130706433/", "https://0x7f000001/", "https://127.1/", "https://0/"),
        *("https://017700000001/", "https://①②⑦.⓪.⓪.①/", "https://localhost/", "https://localhost./"),
        *("https://[::1]/", "https://[::ffff:7f00:1]/", "https://[::]/", "https://[fe80::1%25lo]/"),
        *("https://good.example@127.0.0.1/", "https://127.0.0.1\\@good.example/", "https://127.0.0.1\t/"),
        *("https://127.0.\n0.1/", " https://127.0.0.1/", "https://169.254.169.254/latest/meta-data/"),
        *("http://8.8.8.8/", "ftp://8.8.8.8/", "file:///etc/passwd", "//8.8.8.8/", "https:///x", "https://", ""),
        *("https://8.8.8.8:22/", "https://8.8.8.8:80/", "https://8.8.8.8:99999/", "https://8.8.8.8:x/"),
        *(
            "https://[8.8.8.8/",
            "https://exämple.com/",
            "https://-x.example/",
            "https://a_b.example/",
            "https://x\x00y/",
        ),
    ],
)
def test_a_spelling_of_something_inside_is_forbidden_before_any_connection(url: str) -> None:
    with pytest.raises(ForbiddenError):
        Outside().post(url, b"", {}, 1.0)


def test_one_address_inside_among_several_forbids_the_name() -> None:
    outside = Outside(resolve=lambda _host, _port: [PUBLIC, "10.0.0.7"])

    with pytest.raises(ForbiddenError):
        outside.post("https://push.example/x", b"", {}, 1.0)


def test_a_name_that_turns_inside_after_the_check_reaches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    asked: list[str] = []
    dialled: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    def dial(address: tuple[str, int], timeout: float) -> socket.socket:
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("outside.dial.socket.create_connection", dial)
    outside = Outside(resolve=resolve)

    with pytest.raises(UnreachableError):
        outside.post("https://push.example/x", b"", {}, 1.0)
    with pytest.raises(ForbiddenError):
        outside.post("https://push.example/x", b"", {}, 1.0)

    assert asked == ["push.example", "push.example"]
    assert dialled == [(PUBLIC, 443)]


def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    def fail(host: str, port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(UnreachableError):
        Outside(resolve=fail).post("https://push.example/x", b"", {}, 1.0)


def test_a_proxy_of_the_environment_is_not_used(push_service: PushReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    answer = Outside(Reach(frozenset({push_service.host}))).post(push_service.url + "/unknown", b"", {}, 2.0)

    assert answer.status == 404


def test_a_redirect_is_an_answer_and_is_not_followed(push_service: PushReceiver) -> None:
    push_service.queue.append(PushAnswer(307))

    answer = Outside(Reach(frozenset({push_service.host}))).post(push_service.url + "/x?y=1", b"body", {}, 2.0)

    assert (answer.status, push_service.requests) == (307, 1)


def test_an_opened_host_opens_no_other_port() -> None:
    with pytest.raises(ForbiddenError):
        Outside(Reach(frozenset({"127.0.0.1:8099"}))).post("http://127.0.0.1:8098/", b"", {}, 1.0)


def test_no_more_of_an_answer_is_read_than_the_cap() -> None:
    def flood(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (4 * ANSWER_BYTES))

    with _server(flood) as host:
        answer = Outside(Reach(frozenset({host}))).post(f"http://{host}/", b"", {}, 2.0)

    assert len(answer.body) == ANSWER_BYTES


@pytest.mark.parametrize(
    "beginning", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"]
)
def test_a_receiver_that_dribbles_is_left_at_the_deadline(beginning: bytes) -> None:
    is_over = threading.Event()

    def dribble(line: socket.socket) -> None:
        line.sendall(beginning)
        while not is_over.wait(0.05):
            line.sendall(b"x")

    with _server(dribble) as host:
        started = time.monotonic()
        with pytest.raises(UnreachableError, match="no answer in time"):
            Outside(Reach(frozenset({host}))).post(f"http://{host}/", b"", {}, 0.4)
        took = time.monotonic() - started
        is_over.set()

    assert 0.3 < took < 1.5


def test_nothing_is_sent_after_a_name_that_took_longer_than_the_deadline() -> None:
    said = queue.SimpleQueue[bytes]()

    def slow(_host: str, _port: int) -> list[str]:
        time.sleep(0.2)
        return ["127.0.0.1"]

    with _server(lambda line: said.put(line.recv(100))) as host:
        with pytest.raises(UnreachableError, match="no answer in time"):
            Outside(Reach(frozenset({host})), slow).post(f"http://{host}/", b"", {}, 0.1)

        assert said.get(timeout=5) == b""


def test_a_receiver_that_speaks_no_tls_is_left_at_the_deadline() -> None:
    is_over = threading.Event()

    with _server(lambda _line: is_over.wait(5) and None) as host:
        with pytest.raises(UnreachableError, match="no answer in time"):
            Outside(Reach(frozenset({host}))).post(f"https://{host}/", b"", {}, 0.4)
        is_over.set()


def test_a_name_is_shown_and_checked_though_the_line_goes_to_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca, leaf = write_certificates(tmp_path, "push.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(ca))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(leaf)

    def post_to(name: str) -> int:
        with _server(lambda line: line.sendall(b"HTTP/1.1 201 Created\r\n\r\n"), tls) as host:
            port = host.rpartition(":")[2]
            outside = Outside(Reach(frozenset({name})), resolve=lambda _host, _port: ["127.0.0.1"])
            return outside.post(f"https://{name}:{port}/x", b"", {}, 2.0).status

    assert post_to("push.example") == 201
    with pytest.raises(UnreachableError, match="SSLCertVerificationError"):
        post_to("other.example")


def test_nonsense_instead_of_http_is_unreachable() -> None:
    with _server(lambda line: line.sendall(b"nonsense\r\n\r\n")) as host, pytest.raises(UnreachableError):
        Outside(Reach(frozenset({host}))).post(f"http://{host}/", b"", {}, 2.0)


@contextlib.contextmanager
def _server(speak: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A receiver of one connection that reads a request's beginning and then does what it is told."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            line, _ = listener.accept()
            # The other side may leave at any moment, as it should.
            with contextlib.suppress(OSError), line:
                line.settimeout(5)
                with tls.wrap_socket(line, server_side=True) if tls else line as spoken:
                    spoken.recv(65_536)
                    speak(spoken)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        thread.join()
