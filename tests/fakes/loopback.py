"""What the stand-ins have in common: a server on a free port of loopback, and waiting for what arrives there."""

import contextlib
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from http.server import ThreadingHTTPServer
from typing import Any, Self, TypeVar

T = TypeVar("T")


class Server(ThreadingHTTPServer):
    """One thread for each connection; many may connect at once."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._lines: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """As of the library; the line is known until it is closed."""
        self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """As of the library."""
        self._lines.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Who is gone answers nobody, on lines that were kept neither."""
        super().server_close()
        for line in list(self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class Loopback(ABC):
    """Answers from `start()` to `stop()`, or inside a `with`. Whoever records an arrival notifies `arrived`."""

    @abstractmethod
    def make_server(self) -> Server:
        """The server, bound to a free port; made anew at every start."""

    def start(self) -> Self:
        self.arrived = threading.Condition()
        self.stopping = threading.Event()
        self._server = self.make_server()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def host(self) -> str:
        """host:port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def wait_until_come(self, come: Sequence[T], count: int, timeout: float) -> list[T]:
        """What has come, once there are `count` of it; TimeoutError if there never are."""
        with self.arrived:
            if not self.arrived.wait_for(lambda: len(come) >= count, timeout):
                raise TimeoutError(f"{len(come)} of {count} came within {timeout} s")
            return list(come)
