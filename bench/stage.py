"""Where it is measured: a durable PostgreSQL in a temporary folder, the API and the jobs as they run for people.

The rule: every process is ended by the one that started it, and dies with it if that one is killed.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from merchant_api.core import migrate
from merchant_api.core.embedded.parent import dies_with
from merchant_api.core.embedded.server import USER
from merchant_api.core.rates import DEFAULTS
from merchant_api.core.roles import APP, JOBS, ROLES, as_role
from tests.server import TestServer

ROOT = Path(__file__).parents[1]
SECRET = "a-secret-of-databases-that-are-thrown-away"  # noqa: S105
READY_WITHIN_S = 40.0
STOPPED_WITHIN_S = 25.0
# As the embedded server runs: PostgreSQL's own durable defaults. The log in JSON is read by bench/capture.py.
DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_senders": "10",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "wal_buffers": "16MB",
    "listen_addresses": "",
    "logging_collector": "on",
    "log_destination": "jsonlog",
    "log_filename": "log",
}


class StageError(RuntimeError):
    """Something that is measured did not start or stop."""


@dataclass
class Stage:
    """A server with databases, and a folder for what the processes write."""

    server: TestServer
    folder: Path
    quick: bool = False

    def make_database(self, name: str, template: str = "", owner: str = USER) -> None:
        """A migrated database, or a copy of another one."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {owner}" + (f" TEMPLATE {template}" if template else ""))
        if not template:
            migrate.upgrade(self.url(name, owner))

    def url(self, database: str, role: str) -> str:
        """For a process of ours, which works as that role."""
        return as_role(self.server.url(database), role)

    def dsn(self, database: str) -> str:
        """For psycopg, as the superuser."""
        return self.server.url(database).replace("+psycopg", "", 1)

    def server_log(self) -> Path:
        """What the server logs, an object of JSON a line."""
        return self.server.folder / "data" / "log" / "log.json"

    def environment(self, database: str, **more: str) -> dict[str, str]:
        """The settings of a process of ours on one of the databases."""
        plain = {name: text for name, text in os.environ.items() if not name.startswith(("ORDERBELL_", "PG"))}
        plain.pop("GOOGLE_APPLICATION_CREDENTIALS", None)
        plain |= {
            "DATABASE_URL": self.url(database, APP),
            "ORDERBELL_SECRET_KEYS": SECRET,
            "ORDERBELL_DATA": str(self.folder),
            "ORDERBELL_WORKERS": "2",
            "PYTHONPATH": str(ROOT),
            **{f"ORDERBELL_LIMIT_{name.upper()}": "" for name in DEFAULTS},  # it measures what lies behind
        }
        return plain | more


@dataclass(frozen=True, slots=True)
class Process:
    """A process of ours that runs: its id, where it listens, where it logs."""

    pid: int
    port: int
    log: Path


@contextmanager
def stage(*, quick: bool) -> Iterator[Stage]:
    """A server for the time of the measurement."""
    server = TestServer(**DURABLE).start()
    try:
        make_roles(server, *ROLES)
        with tempfile.TemporaryDirectory(prefix="orderbell-bench-") as folder:
            yield Stage(server, Path(folder), quick)
    finally:
        server.stop()


def make_roles(server: TestServer, *roles: str) -> None:
    """Roles that may sign in, and nothing else."""
    with psycopg.connect(server.url().replace("+psycopg", "", 1), autocommit=True) as connection:
        for role in roles:
            connection.execute(f"CREATE ROLE {role} LOGIN")


@contextmanager
def api(where: Stage, database: str, **more: str) -> Iterator[Process]:
    """The API with two workers, as `orderbell serve` starts it."""
    port = _free_port()
    environment = where.environment(database, ORDERBELL_PORT=str(port), **more)
    command = [sys.executable, "-m", "merchant_api.cli", "serve"]
    with _running(command, environment, where.folder / f"api-{database}.log", port) as (process, started):
        _wait(started, lambda: _is_ready(port), process.log)
        yield process


@contextmanager
def jobs(where: Stage, database: str, **more: str) -> Iterator[Process]:
    """The job process, from the moment in which it has begun to work."""
    log = where.folder / f"jobs-{database}.log"
    command = [sys.executable, "-m", "jobs"]
    environment = where.environment(database, DATABASE_URL=where.url(database, JOBS), **more)
    with _running(command, environment, log, 0) as (process, started):
        _wait(started, lambda: "jobs.started" in log.read_text(), log)
        yield process


@contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], log: Path, port: int
) -> Iterator[tuple[Process, subprocess.Popen[bytes]]]:
    with log.open("ab") as out:
        started = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=dict(environment),
            preexec_fn=dies_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509 - it takes no lock between fork and exec
        )
    try:
        yield Process(started.pid, port, log), started
    finally:
        _stop(started)


def _stop(started: subprocess.Popen[bytes]) -> None:
    started.terminate()
    try:
        started.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()


def _wait(started: subprocess.Popen[bytes], is_there: Callable[[], bool], log: Path) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while not is_there():
        if started.poll() is not None or time.monotonic() > until:
            raise StageError(f"{started.args!r} did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.05)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
