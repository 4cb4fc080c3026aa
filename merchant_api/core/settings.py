"""Settings: read once from the environment, checked whole; a half-set pair refuses to start and says which."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from merchant_api.core import database_hosts, rates
from merchant_api.core.rates import NO_LIMITS, Rates

_SERVICE = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
# Chrome, Edge on Android, Opera, Samsung · Firefox · Edge · Safari
PUSH_SERVICES = "fcm.googleapis.com, *.push.services.mozilla.com, *.notify.windows.com, *.push.apple.com"


class BadSetting(Exception):
    """A setting is missing, malformed or half of a pair; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process runs with. `secret_keys` are newest first; `database_url` is empty for the embedded one."""

    database_url: str
    data: Path
    host: str
    port: int
    workers: int
    threads: int
    secret_keys: tuple[str, ...]
    google_credentials: str
    demo_password: str
    push_contact: str
    push_allowed_hosts: frozenset[str]
    push_deadline_s: int = 15
    body_s: int = 10
    metrics_token: str = ""
    proxy_hops: int = 0
    stripe_api: str = ""
    push_services: frozenset[str] = frozenset()  # empty: any
    shop_hosts: frozenset[str] = frozenset()
    public_url: str = ""
    allow_unsafe_database: bool = False
    rates: Rates = NO_LIMITS

    @property
    def is_embedded(self) -> bool:
        """Whether this installation brings its own PostgreSQL."""
        return not self.database_url


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; raises BadSetting."""
    env = os.environ if environ is None else environ
    settings = Settings(
        database_url=_database_url(env.get("DATABASE_URL", "")),
        data=Path(env.get("ORDERBELL_DATA", ".orderbell")).absolute(),
        host=env.get("ORDERBELL_HOST", "127.0.0.1"),
        port=_integer(env, "ORDERBELL_PORT", 8000, 65535),
        workers=_integer(env, "ORDERBELL_WORKERS", 2, 256),
        threads=_integer(env, "ORDERBELL_THREADS", 8, 256),
        secret_keys=_keys(env.get("ORDERBELL_SECRET_KEYS", "")),
        google_credentials=_file(env, "GOOGLE_APPLICATION_CREDENTIALS"),
        demo_password=env.get("ORDERBELL_DEMO_PASSWORD", ""),
        push_contact=env.get("ORDERBELL_PUSH_CONTACT", "mailto:push@orderbell.invalid"),
        push_allowed_hosts=_hosts(env, "ORDERBELL_PUSH_ALLOWED_HOSTS"),
        push_deadline_s=_integer(env, "ORDERBELL_PUSH_DEADLINE_S", 15, 60),
        body_s=_integer(env, "ORDERBELL_BODY_S", 10, 14),  # less than a stop waits for what was begun
        metrics_token=env.get("ORDERBELL_METRICS_TOKEN", ""),
        proxy_hops=_integer(env, "ORDERBELL_PROXY_HOPS", 0, 10, least=0),
        stripe_api=_address(env, "ORDERBELL_STRIPE_API"),
        push_services=_push_services(env.get("ORDERBELL_PUSH_SERVICES", "")),
        shop_hosts=_hosts(env, "ORDERBELL_SHOP_HOSTS"),
        public_url=_address(env, "ORDERBELL_PUBLIC_URL"),
        allow_unsafe_database=bool(_integer(env, "ORDERBELL_ALLOW_UNSAFE_DATABASE", 0, 1, least=0)),
        rates=_rates(env),
    )
    if settings.database_url and not settings.secret_keys:
        raise BadSetting("DATABASE_URL is set but ORDERBELL_SECRET_KEYS is not: set at least one key of 32 characters")
    return settings


def _database_url(text: str) -> str:
    if not text:
        return ""
    scheme = text.partition("://")[0]
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise BadSetting("DATABASE_URL must begin with postgresql://")
    try:
        return "postgresql+psycopg" + database_hosts.spelt_apart(text[len(scheme) :])
    except ValueError as wrong:
        raise BadSetting(str(wrong)) from wrong


def _rates(env: Mapping[str, str]) -> Rates:
    try:
        return rates.read(env)
    except ValueError as wrong:
        raise BadSetting(str(wrong)) from wrong


def _address(env: Mapping[str, str], name: str) -> str:
    """Where a service is found in place of its own address (a proxy, or a stand-in for tests), or where we are."""
    text = env.get(name, "").rstrip("/")
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname):
        raise BadSetting(f"{name} must be an address as https://host.example")
    return text


def _hosts(env: Mapping[str, str], name: str) -> frozenset[str]:
    """Hosts by name ("host" or "host:port"), parted by commas, that may lie inside and speak http."""
    return frozenset(filter(None, (each.strip() for each in env.get(name, "").split(","))))


def _push_services(text: str) -> frozenset[str]:
    """The hosts of push services, those of the browsers that people have where none are named; `*` is any."""
    named = [each.strip().lower() for each in (text or PUSH_SERVICES).split(",") if each.strip()]
    wrong = [each for each in named if not _SERVICE.fullmatch(each)]
    if named == ["*"]:
        return frozenset()
    if wrong or not named:
        raise BadSetting(
            f"ORDERBELL_PUSH_SERVICES has {wrong[0] if wrong else 'no host'}: name hosts as push.example.com or "
            "*.example.com, or * alone for any"
        )
    return frozenset(named)


def _integer(env: Mapping[str, str], name: str, default: int, largest: int, least: int = 1) -> int:
    text = env.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= largest:
        raise BadSetting(f"{name} must be a whole number from {least} to {largest}")
    return int(text)


def _keys(text: str) -> tuple[str, ...]:
    keys = tuple(key for key in text.replace(",", " ").split() if key)
    if any(len(key) < 32 for key in keys):
        raise BadSetting("ORDERBELL_SECRET_KEYS: each key must have at least 32 characters")
    return keys


def _file(env: Mapping[str, str], name: str) -> str:
    path = env.get(name, "")
    if path and not Path(path).is_file():
        raise BadSetting(f"{name} names no file")
    return path
