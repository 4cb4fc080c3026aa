"""Everything at once, as one process tree: the API and the jobs are children of this process and end with it.

The rule: one that dies is started again, and said to be; what ends this process ends all, and nothing is left behind,
not even by a SIGKILL of it.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from merchant_api.core import ourselves
from merchant_api.core.embedded.parent import dies_with
from merchant_api.core.embedded.server import tail
from merchant_api.core.roles import APP, JOBS
from merchant_api.core.settings import Settings
from merchant_api.server.installation import Installation
from merchant_api.server.restarts import Restarts

READY_WITHIN_S = 60.0
STOPPED_WITHIN_S = 20.0
LARGEST_LOG = 20_000_000  # bytes; then a new one is begun, and one old one kept
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ChildDied(Exception):
    """One of our processes keeps ending, or did not come up; the message says which, with the end of its log."""


@dataclass
class Child:
    """One process of ours, where it writes, and when it is to be started again if it died."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    restarts: Restarts = field(default_factory=Restarts)
    again_at: float | None = None

    def check(self) -> None:
        """Refused: ChildDied."""
        if self.process.poll() is not None:
            raise ChildDied(f"{self.name} ended ({self.process.returncode}). The last of {self.log}:\n{tail(self.log)}")

    def look_after(self, installation: Installation) -> None:
        """Start it again if it died, when its pause is over. Refused: ChildDied, for one that died too often."""
        at = time.monotonic()
        if self.again_at is None and self.process.poll() is not None:
            pause = self.restarts.after_death(at)
            if pause is None:
                self.check()
            else:
                self.again_at = at + pause
                sys.stderr.write(f"{self.name} ended ({self.process.returncode}); it is started again.\n")
        if self.again_at is not None and at >= self.again_at:
            self.process, self.again_at = _launched(self.name, self.log, installation), None


PARTS: dict[str, Sequence[str]] = {
    "api": ourselves.command("merchant_api.cli", "serve"),
    "jobs": ourselves.command("jobs"),
}
ROLE_OF = {"api": APP, "jobs": JOBS}


@contextmanager
def running(installation: Installation) -> Iterator[list[Child]]:
    """The API and the jobs, ready to be used; stopped on the way out. Refused: ChildDied."""
    children: list[Child] = []
    try:
        children.extend(_start(name, installation) for name in PARTS)
        _wait_until_ready(children, installation.settings)
        yield children
    finally:
        _stop(children)


def watch(children: Sequence[Child], stop: threading.Event, installation: Installation) -> None:
    """Return when `stop` is set. Refused: ChildDied, when a child ends by itself again and again; EmbeddedFailed."""
    while not stop.wait(0.2):
        for child in children:
            child.look_after(installation)
        installation.keep()


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C, SIGTERM and a closed terminal set; a second signal changes nothing."""
    stop = threading.Event()
    before = {said: signal.signal(said, lambda *_: stop.set()) for said in STOPPING}
    try:
        yield stop
    finally:
        for said, did in before.items():
            signal.signal(said, did)


def address(settings: Settings) -> str:
    """Where a browser on this machine finds the API."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - the way to say all
    return f"http://{host}:{settings.port}"


def _start(name: str, installation: Installation) -> Child:
    log = installation.settings.data / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.rename(log.with_suffix(".log.1"))
    return Child(name, _launched(name, log, installation), log)


def _launched(name: str, log: Path, installation: Installation) -> subprocess.Popen[bytes]:
    with log.open("ab") as written:
        return subprocess.Popen(
            PARTS[name],
            stdin=subprocess.DEVNULL,
            stderr=written,
            env=ourselves.environment(installation.environment(ROLE_OF[name])),
            process_group=0,  # Ctrl-C in a terminal is for us; we then stop them in order
            preexec_fn=dies_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509 - it takes no lock between fork and exec
        )


def _wait_until_ready(children: Sequence[Child], settings: Settings) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while not _is_ready(settings):
        for child in children:
            child.check()
        if time.monotonic() > until:
            raise ChildDied(
                f"The API was not ready after {READY_WITHIN_S:.0f} s. The last of its log:\n" + tail(children[0].log)
            )
        time.sleep(0.1)


def _is_ready(settings: Settings) -> bool:
    session = requests.Session()
    session.trust_env = False  # a proxy of the environment has no business here
    try:
        return session.get(f"{address(settings)}/readyz", timeout=2).ok
    except requests.RequestException:
        return False
    finally:
        session.close()


def _stop(children: Sequence[Child]) -> None:
    for child in children:
        child.process.terminate()
    until = time.monotonic() + STOPPED_WITHIN_S
    for child in children:
        try:
            child.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
