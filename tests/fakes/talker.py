"""A server that counts lines: it says, byte for byte, what the test gives it, and tells which line was asked what."""

import contextlib
import queue
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Self

from outside.exchange import ReceivedAnswer

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Say = Callable[[socket.socket], None]
Ask = Callable[..., ReceivedAnswer]


class Talker:
    """Answers each question with the next of `says` (bytes, or what shall be done with the line), else with OK.

    Bytes that are empty hang up. `asked` has the number of the line (from 1) and the question's first line; `left` gets
    the number of each line that the other side closed.
    """

    def __init__(self, *says: bytes | Say, tls: ssl.SSLContext | None = None) -> None:
        self.says = list(says)
        self.asked: list[tuple[int, str]] = []
        self.left = queue.SimpleQueue[int]()
        self.lines: list[socket.socket] = []
        self._tls = tls
        self._threads: list[threading.Thread] = []

    @property
    def host(self) -> str:
        """host:port."""
        return f"127.0.0.1:{self.port}"

    @property
    def used(self) -> list[int]:
        """For each question, the number of the line that it came over."""
        return [number for number, _ in self.asked]

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._run(self._listen)
        return self

    def __exit__(self, *_: object) -> None:
        for line in [self._listener, *self.lines]:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _run(self, work: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=work, args=given)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # the listener is shut at the end
            while True:
                line, _ = self._listener.accept()
                self.lines.append(line)
                self._run(self._serve, len(self.lines), line)

    def _serve(self, number: int, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            plain.settimeout(10)
            spoken = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            with spoken as line, contextlib.suppress(ConnectionError):  # a line closed over an answer is reset
                self._talk(number, line)
        self.left.put(number)

    def _talk(self, number: int, line: socket.socket) -> None:
        while question := _read(line):
            self.asked.append((number, question))
            say = self.says.pop(0) if self.says else OK
            if say == b"":
                return
            if isinstance(say, bytes):
                line.sendall(say)
            else:
                say(line)


def _read(line: socket.socket) -> str:
    """The first line of a question that is read to its end; none where there is no further one."""
    read = b""
    while b"\r\n\r\n" not in read:
        more = line.recv(65_536)
        if not more:
            return ""
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    stated = [each for each in head.lower().split(b"\r\n") if each.startswith(b"content-length:")]
    missing = int(stated[0].partition(b":")[2]) - len(body) if stated else 0
    while missing > 0:
        missing -= len(line.recv(missing))
    return head.partition(b"\r\n")[0].decode()
