"""The connector behind a kind, imported when one of that kind is first used."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from merchant_api.channels.connector import Connector
from merchant_api.channels.states import ChannelKind


@cache
def of(kind: ChannelKind) -> Connector:
    """What shops of a kind can do."""
    connector: Connector = import_module(_module(kind)).CONNECTOR
    return connector


@cache
def kinds() -> tuple[ChannelKind, ...]:
    """The kinds that there is a connector for."""
    folders = {kind: _module(kind).rpartition(".")[0] for kind in ChannelKind}
    return tuple(kind for kind, folder in folders.items() if find_spec(folder) and find_spec(_module(kind)))


def _module(kind: ChannelKind) -> str:
    return f"merchant_api.channels.kinds.{kind.value}.connector"
