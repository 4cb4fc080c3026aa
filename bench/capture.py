"""What the server was asked to execute for one order, read from its own log: statements and parameters as they came."""

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psycopg

from bench.stage import Stage

_PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")
_EXECUTE = re.compile(r"(?:execute [^:]*|statement): (.*)", re.DOTALL)
QUIET_S = 0.4
WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with `$1` … in it, and their values; None is NULL."""

    text: str
    parameters: tuple[str | None, ...]


def capture(where: Stage, act: Callable[[], None]) -> list[Statement]:
    """The statements of the API's connections while `act` runs; nothing else may use them meanwhile."""
    log = where.server_log()
    _say(where, "ALTER SYSTEM SET log_statement = 'all'")
    try:
        time.sleep(QUIET_S)  # idle connections read the new setting when the signal comes
        begin = log.stat().st_size
        act()
        _until_quiet(log.stat)
        with log.open("rb") as file:
            file.seek(begin)
            lines = file.read().decode().splitlines()
    finally:
        _say(where, "ALTER SYSTEM RESET log_statement")
    time.sleep(QUIET_S)
    entries = [json.loads(line) for line in lines]
    return [made for entry in entries if entry.get("application_name") == "orderbell-api" for made in _made(entry)]


def _made(entry: dict[str, str]) -> list[Statement]:
    found = _EXECUTE.fullmatch(entry["message"])
    if found is None:
        return []
    return [Statement(found[1], parameters_of(entry.get("detail", "")))]


def parameters_of(detail: str) -> tuple[str | None, ...]:
    """The values in the detail of a log entry, as `Parameters: $1 = 'it''s', $2 = NULL`."""
    found = {
        int(number): None if value == "NULL" else value[1:-1].replace("''", "'")
        for number, value in _PARAMETER.findall(detail)
    }
    return tuple(found[number] for number in sorted(found))


def _say(where: Stage, command: str) -> None:
    with psycopg.connect(where.dsn("postgres"), autocommit=True) as connection:
        connection.execute(command)
        connection.execute("SELECT pg_reload_conf()")


def _until_quiet(stat: Callable[[], object]) -> None:
    until = time.monotonic() + WITHIN_S
    with suppress(FileNotFoundError):
        while time.monotonic() < until:
            before = getattr(stat(), "st_size", 0)
            time.sleep(QUIET_S)
            if getattr(stat(), "st_size", 0) == before:
                return
