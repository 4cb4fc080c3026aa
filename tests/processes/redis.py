"""A Redis of one's own, on a socket in a folder: started, killed, held still. Where it can't be had, that is said."""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

READY_WITHIN_S = 10


def program() -> str:
    """Where redis-server is: installed where that may be done; else skipped, but never where `CI` is set."""
    if shutil.which("redis-server") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        # The file of the policy keeps Debian from starting it as a service.
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for command in (("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", "redis-server")):
            subprocess.run(("apt-get", *command), env=environment, capture_output=True, check=False)
    found = shutil.which("redis-server")
    if found is None:
        said = "redis-server can't be had here: limits over several processes are NOT tested"
        pytest.fail(said) if os.environ.get("CI") else pytest.skip(said)
    return found


@dataclass
class Redis:
    """One server; `url` is what ORDERBELL_LIMIT_STORE says."""

    folder: Path
    command: str = field(default_factory=program)
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.folder / "redis.sock"

    @property
    def url(self) -> str:
        return f"redis+unix://{self.socket}"

    def start(self) -> None:
        """Start it, empty, and wait until it listens."""
        options = ("--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(self.folder))
        self.process = subprocess.Popen((self.command, *options), stdout=subprocess.DEVNULL)
        end = time.monotonic() + READY_WITHIN_S
        while not self._listens():
            assert time.monotonic() < end, "redis-server does not listen"
            time.sleep(0.01)

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def hold(self) -> None:
        """It is there and says nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """It is gone, whatever it was doing."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
