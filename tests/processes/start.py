"""Our commands as processes of their own: started, asked, and seen to be gone."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from merchant_api.core.rates import DEFAULTS
from tests.house.sources import ROOT

ORDERBELL = (sys.executable, "-m", "merchant_api.cli")
UP_WITHIN_S = 90


@dataclass(frozen=True)
class Program:
    """How `orderbell` is called, and in which folder."""

    command: tuple[str, ...] = ORDERBELL
    folder: Path = ROOT


OF_THE_TREE = Program()


def environment_of(data: Path, **settings: str) -> dict[str, str]:
    """The environment of an installation in a folder of its own, on a free port, whatever the tester has set."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("ORDERBELL_", "DATABASE_URL"))}
    kept = {name: os.environ[name] for name in ("ORDERBELL_PG_BINDIR",) if name in os.environ}
    unlimited = {f"ORDERBELL_LIMIT_{name.upper()}": "" for name in DEFAULTS}
    own = {"ORDERBELL_DATA": str(data), "ORDERBELL_PORT": str(port), "ORDERBELL_WORKERS": "1"}
    takes_unsafe = str(int("DATABASE_URL" in settings))  # that of the tests; an embedded one is safe
    return ours | kept | unlimited | own | {"ORDERBELL_ALLOW_UNSAFE_DATABASE": takes_unsafe} | settings


def run(environment: dict[str, str], *command: str, program: Program = OF_THE_TREE) -> subprocess.CompletedProcess[str]:
    """A command from its start to its end."""
    whole = (*program.command, *command)
    return subprocess.run(whole, cwd=program.folder, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def up(
    environment: dict[str, str], said: Path, *options: str, program: Program = OF_THE_TREE
) -> Iterator[subprocess.Popen[bytes]]:
    """`up`, ready; what it prints goes to `said`."""
    whole = (*program.command, "up", *options)
    with said.open("wb") as output:
        process = subprocess.Popen(whole, cwd=program.folder, env=environment, stdout=output, stderr=output)
    try:
        end = time.monotonic() + UP_WITHIN_S
        while "Orderbell is up" not in said.read_text():
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < end, said.read_text()
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def serving(environment: dict[str, str], said: Path) -> Iterator[str]:
    """`serve`, ready, by its address; what it prints goes to `said`."""
    url = f"http://127.0.0.1:{environment['ORDERBELL_PORT']}"
    with said.open("wb") as output:
        process = subprocess.Popen((*ORDERBELL, "serve"), cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        end = time.monotonic() + UP_WITHIN_S
        while not _answers(url):
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < end, said.read_text()
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False


def children(parent: int) -> set[int]:
    """The processes below a process, however deep."""
    found = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    pairs = list(zip(map(int, found[::2]), map(int, found[1::2]), strict=True))
    mine: set[int] = {pid for pid, of in pairs if of == parent}
    return mine.union(*(children(pid) for pid in mine))


def are_gone(pids: set[int], within_s: float = 20) -> bool:
    """Whether they end in time."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if not any(_lives(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
