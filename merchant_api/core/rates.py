"""How often may be registered, placed, put into carts and invited, and where it is counted: settings, checked whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from limits import parse_many

PER_PROCESS = "memory://"
STORES = ("memory", "redis", "rediss", "redis+unix")
DEFAULTS = {
    "register": "60 per hour",
    "place": "30 per minute",
    "cart": "120 per minute",
    "invite": "30 per hour",
}


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits by their names, an empty one being none, as `30 per minute; 500 per day`; and where it is counted."""

    register: str = ""
    place: str = ""
    cart: str = ""
    invite: str = ""
    store: str = PER_PROCESS

    def of(self, name: str) -> str:
        """The limit of this name, empty where there is none."""
        return str(getattr(self, name)) if name in DEFAULTS else ""


NO_LIMITS = Rates()


def read(env: Mapping[str, str]) -> Rates:
    """The limits of this process; raises ValueError, which names the setting."""
    given = {name: _limit(f"ORDERBELL_LIMIT_{name.upper()}", env, default) for name, default in DEFAULTS.items()}
    return Rates(**given, store=_store(env.get("ORDERBELL_LIMIT_STORE", PER_PROCESS)))


def _limit(setting: str, env: Mapping[str, str], default: str) -> str:
    text = env.get(setting, default).strip()
    try:
        limits = parse_many(text) if text else []
    except ValueError as wrong:
        raise ValueError(f"{setting} must be empty, or as '30 per minute' or '30 per minute; 500 per day'") from wrong
    if any(limit.amount < 1 for limit in limits):
        raise ValueError(f"{setting} must let something pass: at least 1")
    return text


def _store(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_known = parts.scheme in STORES and (parts.port is None or parts.port > 0)
    except ValueError:
        is_known = False
    if not is_known or not (text == PER_PROCESS or parts.netloc or parts.path):
        raise ValueError("ORDERBELL_LIMIT_STORE must be memory:// or as redis://host:6379/0")
    return text
