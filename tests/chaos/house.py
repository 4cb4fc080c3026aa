"""What is broken: PostgreSQL, `orderbell up`, and a second job process, all of a run's own.

The rule: it ends or halts only what it started, by process id, and starts its second job process again as an init
system would; `up` looks after the others. All of it is used by one thread, with which the processes end (Linux).
"""

import os
import resource
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.stage import DURABLE, ROOT, Stage, make_roles
from merchant_api.core.embedded.parent import dies_with
from merchant_api.core.roles import JOBS, ROLES
from tests.chaos.plan import Victim
from tests.processes.start import ORDERBELL, are_gone, children
from tests.server import TestServer, _free_port
from tests.tenancy import OWNER

DATABASE = "chaos"
UP_WITHIN_S = 120.0
STOPPED_WITHIN_S = 40.0
LOG_BEGINS_AT = 4_000_000  # so that a limit on it touches no other file
NEVER = float("inf")
ROOM_LEFT = 2_000  # bytes of log that still find room when its volume fills


class HouseError(RuntimeError):
    """Something did not come up, or did not end."""


class House:
    """All processes of a run, in a folder of its own; `server` has a database in it already."""

    def __init__(self, server: TestServer, folder: Path, pushes_to: str) -> None:
        self.server = server
        self.port = _free_port()
        self._stage = Stage(server, folder)
        self._folder = folder
        self._environment = self._stage.environment(
            DATABASE,
            ORDERBELL_PORT=str(self.port),
            ORDERBELL_PUSH_ALLOWED_HOSTS=pushes_to,
            DATABASE_URL=self._stage.url(DATABASE, OWNER),
            # Nobody is sent away for asking often: what breaks is to be seen, not what is refused.
            **{f"ORDERBELL_LIMIT_{name}": "" for name in ("REGISTER", "PLACE", "CART", "INVITE")},
        )
        self._up: subprocess.Popen[bytes] | None = None
        self._more: subprocess.Popen[bytes] | None = None
        self._frozen: set[int] = set()
        self._orphans: dict[int, float] = {}  # children of what was killed, which end by themselves: when they began
        self.restarts = 0

    @property
    def dsn(self) -> str:
        """For psycopg, as the superuser, who sees everything."""
        return self._stage.dsn(DATABASE)

    def start(self) -> None:
        """Bring everything up, on a migrated database."""
        self._stage.make_database(DATABASE, owner=OWNER)
        for log in (*self._logs(), self._folder / "more-jobs.log"):
            log.parent.mkdir(exist_ok=True)
            with log.open("wb") as made:
                made.truncate(LOG_BEGINS_AT)
        self._up = self._launched("up", self._folder / "up.log")
        self._more = self._launch_more()
        self.wait(self.is_ready, UP_WITHIN_S, "it did not come up")

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A command of ours on the same database, to its end."""
        return subprocess.run(
            (*ORDERBELL, *command),
            cwd=ROOT,
            env=self._environment | more,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def wait(self, is_so: Callable[[], object], within_s: float, otherwise: str = "") -> bool:
        """Look after the processes until something is so; gives whether it was in time, or raises HouseError."""
        until = time.monotonic() + within_s
        while not is_so():
            self._look_after()
            if time.monotonic() > until:
                if otherwise:
                    raise HouseError(f"{otherwise} within {within_s:.0f} s; the end of its log:\n{self.last_words()}")
                return False
            time.sleep(0.02)
        return True

    def is_ready(self) -> bool:
        """Whether the API says that it can serve."""
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=3) as reply:
            return bool(reply.status == 200)
        return False

    def find(self, victim: Victim) -> int | None:
        """A running process of that kind, the one that was started first; None while there is none."""
        found = [pid for pid in self._of(victim) if pid not in self._frozen]
        return min(found, key=_started_at, default=None)

    def kill(self, pid: int) -> None:
        """kill -9."""
        self._orphans |= {child: _started_at(child) for child in children(pid) if _started_at(child) < NEVER}
        os.kill(pid, signal.SIGKILL)

    def freeze(self, pid: int) -> None:
        """SIGSTOP, until it is thawed."""
        os.kill(pid, signal.SIGSTOP)
        self._frozen.add(pid)

    def thaw(self, pid: int) -> None:
        """SIGCONT; twice is harmless."""
        if pid in self._frozen:
            os.kill(pid, signal.SIGCONT)
            self._frozen.remove(pid)

    def fill_logs(self) -> int:
        """From now on no log of any process takes more than a few lines; gives at how many bytes the longest stands."""
        largest = max(log.stat().st_size for log in (*self._logs(), self._folder / "more-jobs.log")) + ROOM_LEFT
        self._limit_files(largest)
        return largest

    def empty_logs(self) -> None:
        """There is room again."""
        self._limit_files(resource.RLIM_INFINITY)

    def last_words(self) -> str:
        """The end of what `up` and its children said."""
        said = [(self._folder / "up.log"), *self._logs()]
        return "\n".join(
            log.read_bytes()[-1500:].decode(errors="replace").strip("\0\n") for log in said if log.exists()
        )

    def stop(self) -> None:
        """End everything that was started. Refused: HouseError, where something stays."""
        for pid in list(self._frozen):
            self.thaw(pid)
        started = [process for process in (self._up, self._more) if process is not None]
        ours = {process.pid for process in started}.union(*(children(process.pid) for process in started))
        orphans = {pid for pid, began in self._orphans.items() if _started_at(pid) == began}
        for process in started:
            process.terminate()
        for process in started:
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOPPED_WITHIN_S)
            if process.poll() is None:
                process.kill()
                process.wait()
        self._up = self._more = None
        for pid in orphans:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if orphans or not are_gone(ours):
            raise HouseError(f"something that was started did not end: {sorted(orphans or ours)}")

    def _logs(self) -> tuple[Path, ...]:
        return tuple(self._folder / "log" / f"{name}.log" for name in ("api", "jobs"))

    def _launch_more(self) -> subprocess.Popen[bytes]:
        """Under the role of the jobs, beside those of `up`, which are the owner's."""
        return self._launched("jobs", self._folder / "more-jobs.log", DATABASE_URL=self._stage.url(DATABASE, JOBS))

    def _launched(self, command: str, log: Path, **more: str) -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                (*ORDERBELL, command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=self._environment | more,
                process_group=0,  # Ctrl-C is for us; we then stop them in order
                preexec_fn=dies_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509 - no lock between fork and exec
            )

    def _look_after(self) -> None:
        if self._up is not None and self._up.poll() is not None:
            raise HouseError(f"`orderbell up` ended ({self._up.returncode}):\n{self.last_words()}")
        if self._more is not None and self._more.poll() is not None:
            self.restarts += 1
            self._more = self._launch_more()

    def _of(self, victim: Victim) -> list[int]:
        assert self._up is not None
        assert self._more is not None
        if victim is Victim.MORE_JOBS:
            return [self._more.pid] if self._more.poll() is None else []
        words = {Victim.API: b"\0serve\0", Victim.JOBS: b"\0jobs\0", Victim.WORKER: b"spawn_main"}
        return [pid for pid in children(self._up.pid) if words[victim] in _command(pid)]

    def _limit_files(self, most: int) -> None:
        assert self._up is not None
        assert self._more is not None
        for pid in {self._up.pid, self._more.pid} | children(self._up.pid):
            with suppress(ProcessLookupError):
                _, hardest = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hardest))


@contextmanager
def durable_server() -> Iterator[TestServer]:
    """A PostgreSQL that loses nothing when it is stopped at once."""
    server = TestServer(**DURABLE)
    try:
        server.start()
        make_roles(server, OWNER, *ROLES)
        yield server
    finally:
        server.stop()


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _started_at(pid: int) -> float:
    with suppress(OSError):
        return float(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    return NEVER
