"""The embedded PostgreSQL, as the commands see it: attach to the server of a data folder, starting it if need be.

The rule: commands share one server and none of them owns it. Each holds a lease, which ends with the process, and
five seconds after the last lease the supervisor stops the server. A forked child inherits the lease of its parent.
"""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from psycopg import pq

from merchant_api.core import ourselves
from merchant_api.core.embedded import file_locks
from merchant_api.core.embedded.binaries import EmbeddedFailed
from merchant_api.core.embedded.folder import open_data_folder
from merchant_api.core.roles import as_role

__all__ = ["Attached", "EmbeddedFailed", "attach"]

PATIENCE_S = 90.0  # for a first start on a slow disk, or for a server that is being stopped


@dataclass
class Attached:
    """A server that runs as long as this process lives, or until `release()`; `url` is for SQLAlchemy.

    It is the owner's, who migrates; `url_of` gives that of a role which only works in the database.
    """

    url: str
    _data: Path
    _lease: int | None

    def url_of(self, role: str) -> str:
        """The URL for `orderbell_app` or `orderbell_jobs`."""
        return as_role(self.url, role)

    def renew(self) -> None:
        """Start the server again where the process that owned it was killed. Refused: EmbeddedFailed."""
        if not file_locks.is_free(self._data / "supervisor.lock"):
            return
        if _find_or_start(self._data) != self.url:  # only where its socket lies in a temporary folder
            raise EmbeddedFailed("The database had to be started again, and lies elsewhere now: start once more.")

    def release(self) -> None:
        """Give the lease back; the server stops soon unless another command uses it. Doing so twice is harmless."""
        if self._lease is not None:
            file_locks.release(self._lease)
            self._lease = None


def attach(data: Path) -> Attached:
    """Find or start the shared server of this data folder. Refused: EmbeddedFailed, which says what helps."""
    try:
        data = open_data_folder(data)
        lease = file_locks.take(data / "lease.lock", file_locks.SHARED, patience_s=PATIENCE_S)
        try:
            return Attached(_find_or_start(data), data, lease)
        except BaseException:
            file_locks.release(lease)
            raise
    except file_locks.Taken as taken:
        raise EmbeddedFailed(f"The database in {data} is being started or stopped, too long ({taken}).") from None
    except OSError as refused:
        raise EmbeddedFailed(f"The data folder {data} cannot be used: {refused}.") from refused


def _find_or_start(data: Path) -> str:
    starting = file_locks.take(data / "starting.lock", file_locks.ALONE, patience_s=PATIENCE_S)
    try:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if file_locks.is_free(data / "supervisor.lock"):
                (data / "postgres.url").unlink(missing_ok=True)  # of a supervisor that was killed
                _start_supervisor(data)
            url = _published_url(data)
            if _answers(url):
                return url
            time.sleep(0.05)  # its process is dying, or is starting it again
        raise EmbeddedFailed(f"The PostgreSQL of {data} does not answer; {data / 'postgres.log'} may say why.")
    finally:
        file_locks.release(starting)


def _start_supervisor(data: Path) -> None:
    try:
        done = subprocess.run(
            ourselves.command("merchant_api.core.embedded.supervisor", str(data)),
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=ourselves.environment(os.environ),
            start_new_session=True,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        raise EmbeddedFailed(
            f"PostgreSQL did not start within {PATIENCE_S:.0f} s; see {data / 'postgres.log'}."
        ) from None
    if done.returncode:
        raise EmbeddedFailed(done.stderr.strip())


def _answers(url: str) -> bool:
    """Whether the server takes connections; being out of them for the moment counts as well."""
    return pq.PGconn.ping(url.replace("+psycopg", "", 1).encode()) == pq.Ping.OK


def _published_url(data: Path) -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            return (data / "postgres.url").read_text()
        except FileNotFoundError:
            if file_locks.is_free(data / "supervisor.lock"):
                break
            time.sleep(0.02)
    raise EmbeddedFailed(f"The process that owns the database ended; {data / 'postgres.log'} may say why.")
