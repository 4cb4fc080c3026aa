"""A throw-away PostgreSQL for one run of the tests: fast, not safe, gone with the process that started it."""

import contextlib
import os
import shutil
import socket
import tempfile
import time
from pathlib import Path

from merchant_api.core.embedded import file_locks
from merchant_api.core.embedded.binaries import find_programs, within_reach
from merchant_api.core.embedded.server import USER, Server, socket_url

PREFIX = "orderbell-tests-"
JUST_MADE_S = 60  # another run may be about to lock it
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
}


class TestServer:
    """`start()`, then `url(database)`; the programs are chosen as for the embedded server (ORDERBELL_PG_BINDIR)."""

    __test__ = False  # not a class of tests, though pytest would think so of its name

    def __init__(self, **settings: str) -> None:
        self._settings = {**SETTINGS, **settings}
        self._server: Server | None = None
        self.folder = Path()
        self.port = 0

    @property
    def server(self) -> Server:
        assert self._server is not None, "start() comes first"
        return self._server

    @property
    def bindir(self) -> Path:
        """The folder of its programs; psql and pgbench are not in every installation."""
        return self.server.programs.bindir

    @property
    def version(self) -> str:
        return self.server.programs.version

    def start(self) -> "TestServer":
        _clear_abandoned()
        programs = find_programs()
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))  # short: the path of a socket is limited
        self._lock = file_locks.take(self.folder / "lock", file_locks.ALONE)
        if programs.account.uid is not None:
            os.chown(self.folder, programs.account.uid, programs.account.gid or 0)
        self.port = _free_port()
        settings = {**self._settings, "port": str(self.port), "unix_socket_directories": str(self.folder)}
        self._server = Server(self.folder, within_reach(programs, self.folder), settings, self.folder / "log")
        self._server.make("--no-sync")
        self._server.start(hands_down=(self._lock,))
        return self

    def stop(self) -> None:
        self.server.stop()
        file_locks.release(self._lock)
        shutil.rmtree(self.folder, ignore_errors=True)

    def crash(self) -> None:
        """Stop at once, as `pg_ctl stop -m immediate` does: nothing is written out, and the next start recovers."""
        self.server.programs.run("pg_ctl", "stop", "-D", self.server.data, "-m", "immediate")
        self.server.stop()  # it has ended; whoever started it must see that

    def recover(self) -> None:
        """Start again what crashed, and return when it answers."""
        self.server.start(hands_down=(self._lock,))

    def url(self, database: str = "postgres") -> str:
        """For SQLAlchemy, over the unix socket."""
        return socket_url(self.folder, database, port=self.port)

    def tcp_url(self, database: str = "postgres") -> str:
        """For SQLAlchemy, over TCP on loopback, where something shall stand between."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"


def _clear_abandoned() -> None:
    """Remove the folders of runs that were killed: nothing holds their lock any more."""
    for folder in Path("/tmp").glob(f"{PREFIX}*"):
        with contextlib.suppress(file_locks.Taken, OSError):
            if time.time() - folder.stat().st_mtime < JUST_MADE_S:
                continue
            lock = file_locks.take(folder / "lock", file_locks.ALONE)
            shutil.rmtree(folder, ignore_errors=True)
            file_locks.release(lock)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
