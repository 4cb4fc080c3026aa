"""One question and its answer on a line that is open, and whether the line may carry another one after it.

It may only if both sides said nothing against it and the answer's end is known for sure and was read: what is left of
one answer must never be taken for the beginning of the next.
"""

import http
import http.client
import socket

from outside.guard import Destination
from outside.question import Question, ReceivedAnswer

_FIRST_FINAL = 200


class _FinalAnswer(http.client.HTTPResponse):
    """The library passes over 100 only, and would take any other interim answer (103, early hints) for the last."""

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]  # not in its published types
        is_interim = http.HTTPStatus.SWITCHING_PROTOCOLS < status < _FIRST_FINAL
        return version, http.HTTPStatus.CONTINUE if is_interim else status, reason


def speak(line: socket.socket, target: Destination, question: Question) -> tuple[ReceivedAnswer, bool]:
    """The answer, and whether the line is free for another question; it is closed where it is not.

    Raises OSError, http.client.HTTPException or ValueError, an answer that broke off before its end included.
    """
    wire = http.client.HTTPConnection(target.host, target.port)
    wire.auto_open = 0  # it would dial by name, past the guard
    wire.response_class = _FinalAnswer
    wire.sock = line
    is_free = False
    try:
        path = (target.url.path or "/") + (f"?{target.url.query}" if target.url.query else "")
        wire.request(question.method, path, body=question.body, headers={**question.headers, "Host": target.url.netloc})
        with wire.getresponse() as reply:
            body = reply.read(question.most_bytes)
            if reply.length and len(body) < question.most_bytes:
                raise http.client.IncompleteRead(body, reply.length)
            is_free = not question.goes_alone and _leaves_free(reply)
        named = {name.lower(): value for name, value in reply.getheaders()}
        return ReceivedAnswer(reply.status, named, body), is_free
    finally:
        if not is_free:
            line.close()


def _leaves_free(reply: http.client.HTTPResponse) -> bool:
    """After 101 the line speaks something else; an answer that states its length twice may mean either."""
    stated = [*reply.headers.get_all("Content-Length", []), *reply.headers.get_all("Transfer-Encoding", [])]
    is_read = reply.isclosed() and not reply.length
    return is_read and not reply.will_close and reply.status >= _FIRST_FINAL and len(stated) <= 1
