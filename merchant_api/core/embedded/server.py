"""One PostgreSQL server as our child process: made, started, awaited, stopped.

The rule: it never outlives the process that started it. On Linux the kernel tells it when that process ends.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from merchant_api.core.embedded.binaries import EmbeddedFailed, Programs, environment
from merchant_api.core.embedded.parent import dies_with

USER = "orderbell"
READY_WITHIN_S = 60.0
STOPPED_WITHIN_S = 20.0


class Server:
    """A cluster in `folder/data` and the server on it; `folder` belongs to the account of `programs`."""

    def __init__(self, folder: Path, programs: Programs, settings: Mapping[str, str], log: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.programs = programs
        self.settings = dict(settings)
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def make(self, *options: str) -> None:
        """Make the cluster unless it is there. Refused: one that another major version made."""
        if not (self.data / "PG_VERSION").exists():
            self._initdb(*options)
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != self.programs.major:
            raise EmbeddedFailed(
                f"The database in {self.data} was made by PostgreSQL {made_by}, and the programs in "
                f"{self.programs.bindir} are {self.programs.version}. Name programs of version {made_by} by "
                "ORDERBELL_PG_BINDIR, or move that folder away and load a dump of it."
            )

    def start(self, *, hands_down: tuple[int, ...] = ()) -> None:
        """Start the server and return when it answers; its processes keep the open files in `hands_down`."""
        account = self.programs.account
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs.bindir / "postgres", "-D", self.data, *self._options()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment(),
                cwd="/",
                user=account.uid,
                group=account.gid,
                extra_groups=account.groups,
                umask=0o077,
                pass_fds=hands_down,
                start_new_session=True,  # Ctrl-C in a terminal is for us; we then stop the server in order
                preexec_fn=dies_with(os.getpid(), signal.SIGINT),  # noqa: PLW1509 - it takes no lock between fork and exec
            )
        try:
            self._wait_until_ready(self.process)
        except BaseException:
            self.stop()
            raise

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop in order, which ends open sessions; harder, if that takes longer than it should."""
        if self.process is None:
            return
        for urgency, patience in ((signal.SIGINT, STOPPED_WITHIN_S), (signal.SIGQUIT, 5.0), (signal.SIGKILL, None)):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.send_signal(urgency)
                self.process.wait(patience)
                break
        self.process = None

    def _initdb(self, *options: str) -> None:
        unfinished = self.folder / "data.new"
        for leftover in (unfinished, self.data):  # of an earlier start that was cut short
            shutil.rmtree(leftover, ignore_errors=True)
        self.programs.run(
            *("initdb", "-D", unfinished, "--username", USER, "--auth", "trust", "--encoding", "UTF8"),
            *_locale(int(self.programs.major)),
            *options,
        )
        unfinished.rename(self.data)

    def _options(self) -> list[str]:
        return [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + READY_WITHIN_S
        while not self._is_ready(process.pid):
            if process.poll() is not None:
                raise EmbeddedFailed(f"PostgreSQL ended while it started. The last of {self.log}:\n{tail(self.log)}")
            if time.monotonic() > until:
                raise EmbeddedFailed(f"PostgreSQL was not ready after {READY_WITHIN_S:.0f} s; {self.log} may say why.")
            time.sleep(0.01)

    def _is_ready(self, pid: int) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        # The file of a server that was killed says ready as well: the process must be ours.
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def socket_url(folder: Path, database: str, *, port: int = 5432) -> str:
    """The SQLAlchemy URL of `database` over the unix socket in `folder`."""
    return f"postgresql+psycopg://{USER}@/{quote(database)}?host={quote(str(folder))}&port={port}"


def tail(log: Path) -> str:
    """The end of a log, to be shown to a person."""
    return log.read_text(errors="replace")[-2000:].strip() if log.exists() else ""


def _locale(major: int) -> tuple[str, ...]:
    # Upper and lower case of all scripts, and an order of text that no update of the machine changes under an index.
    if major >= 17:
        return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    return ("--locale=C.UTF-8",)
