"""Commands as processes of their own, and what the machine says of the processes that they leave."""

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from merchant_api.core.embedded.binaries import EmbeddedFailed
from merchant_api.core.embedded.folder import known_folder

ROOT = Path(__file__).parents[4]
COMMAND = """
import sys
from pathlib import Path
from merchant_api.core.embedded.attach import attach
attached = attach(Path(sys.argv[1]))
print(attached.url, flush=True)
sys.stdin.read()
"""


class Command:
    """A command of ours in a process of its own, attached until told to end or killed."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            start_new_session=True,
        )

    def url(self) -> str:
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], 60)[0], "not attached after 60 s"
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        self.process.communicate(timeout=20)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate(timeout=20)


def supervisor_of(data: Path) -> int | None:
    wanted = f"merchant_api.core.embedded.supervisor\0{data}\0".encode()
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if status.read_bytes().endswith(wanted):
                return int(status.parent.name)
    return None


def postmaster_of(data: Path) -> int | None:
    with contextlib.suppress(FileNotFoundError, EmbeddedFailed, ProcessLookupError):
        pid = int((known_folder(data) / "data" / "postmaster.pid").read_text().splitlines()[0])
        state = re.search(r"^State:\s+(\w)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        return pid if state and state[1] != "Z" else None
    return None


def gone_within(seconds: float, data: Path) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if supervisor_of(data) is None and postmaster_of(data) is None:
            return True
        time.sleep(0.05)
    return False


def ask(url: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else []


def terminate(data: Path) -> None:
    """Ask supervisor and server to end, and wait until they have."""
    for pid in (supervisor_of(data), postmaster_of(data)):
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
    assert gone_within(20, data)
