"""A URL that names several database servers, as libpq reads it, in the way in which SQLAlchemy takes the same."""

import re
from urllib.parse import urlencode

_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(:(?P<port>[0-9]{1,5}))?")


def spelt_apart(text: str) -> str:
    """`://user@one:5433,two/name?x` becomes `://user@/name?host=one,two&port=5433,5432&x`; of one server it stays.

    Raises ValueError for a server that can't be read.
    """
    authority, _, rest = text.removeprefix("://").partition("/")
    user, at, hosts = authority.rpartition("@")
    if "," not in hosts:
        return text
    path, _, query = rest.partition("?")
    pairs = [_HOST.fullmatch(host) for host in hosts.split(",")]
    if not all(pairs):
        raise ValueError("DATABASE_URL names a server that can't be read: host, host:port or [address]:port")
    servers = [(pair["host"].strip("[]"), pair["port"] or "5432") for pair in pairs if pair]
    named = urlencode({"host": ",".join(host for host, _ in servers), "port": ",".join(port for _, port in servers)})
    return f"://{user}{at}/{path}?{named}" + (f"&{query}" if query else "")
