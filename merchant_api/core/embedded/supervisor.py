"""The process that owns the embedded PostgreSQL: `python -m merchant_api.core.embedded.supervisor DATA`.

It leaves the terminal behind, starts the server, and stops it once no command has held the lease for five seconds.
The rule: one supervisor per data folder, and no server without it; both are locks, so a kill leaves nothing to clear.
"""

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

import psycopg

from merchant_api.core.embedded import file_locks
from merchant_api.core.embedded.binaries import EmbeddedFailed, find_programs, within_reach
from merchant_api.core.embedded.folder import SOCKET, cluster_folder, known_folder, socket_folder
from merchant_api.core.embedded.server import USER, Server, socket_url
from merchant_api.core.roles import ROLES

DATABASE = "orderbell"
IDLE_S = 5.0
ATTEMPTS_TO_REVIVE = 10
LARGEST_LOG = 5_000_000  # bytes; then a new one is begun, and one old one kept
SETTINGS = {
    "listen_addresses": "",  # no password guards it, so nothing but the socket in a closed folder leads to it
    "max_connections": "100",
    "shared_buffers": "128MB",
    "wal_buffers": "16MB",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
READY = "ready"


class Terminated(Exception):
    """Somebody asked this process to end."""


def main(data: Path) -> int:
    """Start the supervisor and return when its server answers: 0, or 1 with the reason on standard error."""
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        os.close(read_end)
        _leave_the_terminal(data / "postgres.log")
        with os.fdopen(write_end, "w") as news:
            _supervise(data, news)
        return 0
    os.close(write_end)
    with os.fdopen(read_end) as news_of_child:
        said = news_of_child.read()
    if said == READY:
        return 0
    print(said or f"The process that owns the database ended; {data / 'postgres.log'} may say why.", file=sys.stderr)
    return 1


def _supervise(data: Path, news: TextIO) -> None:
    try:
        with _only_one(data):
            _own_a_server(data, news)
    except file_locks.Taken:
        _tell(news, READY)  # another supervisor was first: the commands use its server
    except (EmbeddedFailed, OSError, psycopg.Error) as failed:
        print(failed, file=sys.stderr)
        _tell(news, str(failed))
    except Terminated:
        print("The process that owns the database was asked to end.", file=sys.stderr)


def _own_a_server(data: Path, news: TextIO) -> None:
    server, cluster, sockets = _prepare(data)
    try:
        server.start(hands_down=(cluster,))
        _create_database(sockets)
        _publish(data, socket_url(sockets, DATABASE))
        _tell(news, READY)
        _keep(server, cluster, data)
    finally:
        # After _keep the lease is ours until this process has ended: newcomers wait, then start a server of their own.
        (data / "postgres.url").unlink(missing_ok=True)
        server.stop()
        if sockets != server.folder:
            shutil.rmtree(sockets, ignore_errors=True)


def _prepare(data: Path) -> tuple[Server, int, Path]:
    programs = find_programs(known_folder(data))
    folder = cluster_folder(data, programs.account)
    cluster = _last_server_ended(data / "cluster.lock", folder / "data" / "postmaster.pid")
    sockets = socket_folder(folder, programs.account)
    settings = {**SETTINGS, "unix_socket_directories": f'"{sockets}"'}
    server = Server(folder, within_reach(programs, folder), settings, data / "postgres.log")
    server.make()
    return server, cluster, sockets


def _last_server_ended(lock: Path, pid_file: Path) -> int:
    """Wait for the server of a supervisor that was killed, whose processes all hold this lock; then hold it."""
    try:
        try:
            cluster = file_locks.take(lock, file_locks.ALONE, patience_s=2)
        except file_locks.Taken:
            with contextlib.suppress(OSError, ValueError, IndexError):
                os.kill(_pid(pid_file), signal.SIGINT)  # only Linux has told it already
            cluster = file_locks.take(lock, file_locks.ALONE, patience_s=20)
    except file_locks.Taken:
        raise EmbeddedFailed(f"A PostgreSQL that was left behind does not end; its process is in {pid_file}.") from None
    for remains in (pid_file, pid_file.parents[1] / f"{SOCKET}.lock"):
        _forget_the_dead(remains)
    return cluster


def _pid(pid_file: Path) -> int:
    return int(pid_file.read_text().splitlines()[0])


def _forget_the_dead(pid_file: Path) -> None:
    """A killed server that process 1 of a container never reaps still looks alive to PostgreSQL, which then refuses."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        if Path(f"/proc/{_pid(pid_file)}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            pid_file.unlink()


def _create_database(sockets: Path) -> None:
    """Also the roles that the application and the jobs work under, in a folder of an older version too."""
    with psycopg.connect(host=str(sockets), user=USER, dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")
        for role in ROLES:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(f"CREATE ROLE {role} LOGIN")


def _keep(server: Server, cluster: int, data: Path) -> None:
    """Watch until no command has held the lease for IDLE_S seconds, then hold it alone."""
    used = time.monotonic()
    while True:
        if not server.running():
            _revive(server, cluster)
        try:
            lease = file_locks.take(data / "lease.lock", file_locks.ALONE)
        except file_locks.Taken:
            used = time.monotonic()
        else:
            if time.monotonic() - used >= IDLE_S:
                return
            file_locks.release(lease)
        time.sleep(0.2)


def _revive(server: Server, cluster: int) -> None:
    """Start a server that ended by itself; what it left behind may need some seconds to go."""
    for _ in range(ATTEMPTS_TO_REVIVE):
        with contextlib.suppress(EmbeddedFailed):
            return server.start(hands_down=(cluster,))
        time.sleep(1)
    raise EmbeddedFailed("PostgreSQL ended and does not start again.")


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    mine = file_locks.take(data / "supervisor.lock", file_locks.ALONE, patience_s=1)
    try:
        yield
    finally:
        file_locks.release(mine)


def _publish(data: Path, url: str) -> None:
    unfinished = data / "postgres.url.new"
    unfinished.write_text(url)
    unfinished.rename(data / "postgres.url")  # readers see all of it or nothing


def _tell(news: TextIO, word: str) -> None:
    if not news.closed:
        with contextlib.suppress(BrokenPipeError):
            news.write(word)
            news.close()


def _leave_the_terminal(log: Path) -> None:
    os.setsid()
    os.chdir("/")
    os.umask(0o077)
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.rename(log.with_suffix(".log.1"))
    with log.open("ab") as written, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)


def _end(signum: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signum, signal.SIG_IGN)  # a second one must not break off the stop in order
    raise Terminated


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
