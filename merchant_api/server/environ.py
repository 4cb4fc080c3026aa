"""A request as granian gives it (RSGI), in the words of WSGI (PEP 3333), without its body."""

import sys
from io import BytesIO
from typing import Any, TypeAlias

from granian.rsgi import Scope

UNREADABLE = "\xff"  # a header's value that is no text: it must not look as if the header was not sent
Environ: TypeAlias = dict[str, Any]


def environ_of(scope: Scope) -> Environ:
    """The request; one header sent twice is a list, and passes for no single value."""
    host, _, port = scope.server.rpartition(":")
    return {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    } | _headers(scope)


def _headers(scope: Scope) -> Environ:
    found: Environ = {}
    for name, value in scope.headers.items():
        key = _key(name)
        # Two of one name become a list; the space makes sure that it is never taken for one value.
        found[key] = f"{found[key]}, {value}" if key in found else value
    for name in scope.headers.keys():  # noqa: SIM118 - no mapping: `items` leaves out what is no text
        found.setdefault(_key(name), UNREADABLE)
    return found


def _key(name: str) -> str:
    # One with an underscore would pass for the one with a hyphen, which a proxy may have checked.
    key = name.upper().replace("_", "__").replace("-", "_")
    return key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}"
