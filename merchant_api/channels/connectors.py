"""The connector behind a kind, imported when one of that kind is first used."""

from functools import cache
from importlib import import_module

from merchant_api.channels.connector import Connector
from merchant_api.channels.states import ChannelKind


@cache
def of(kind: ChannelKind) -> Connector:
    """What shops of a kind can do."""
    connector: Connector = import_module(f"merchant_api.channels.kinds.{kind.value}.connector").CONNECTOR
    return connector
