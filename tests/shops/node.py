"""Programs on Node: installed once for each lock file, started in a folder of their own, and ended by their own id.

What is installed lies outside of the tree, in `ORDERBELL_SHOPS` or the user's cache, named by the hash of its lock, and
is put in place by one rename: two runs that install at once, or one that is killed, leave nothing half done.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import requests

OLDEST = 20
UP_WITHIN_S = 180.0  # seconds where nothing else runs; CI has two cores and two shops
LEASH = Path(__file__).with_name("leash.cjs")


def why_not() -> str | None:
    """What is missing on this machine for a shop to run; None if nothing is."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return f"Node {OLDEST} or later and its npm are needed, and are not on the PATH"
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", said)
    if version is None or int(version[1]) < OLDEST:
        return f"Node {OLDEST} or later is needed, and this is {said.strip() or 'none'}"
    return None


def project(folder: Path, into: Path) -> Path:
    """A copy of a shop's folder that can be started: its files, and what its lock names."""
    shutil.copytree(folder, into, ignore=shutil.ignore_patterns("node_modules"))
    (into / "node_modules").symlink_to(_installed(folder) / "node_modules")
    return into


def _installed(folder: Path) -> Path:
    lock = (folder / "package-lock.json").read_bytes() + (folder / "package.json").read_bytes()
    place = _cache() / f"{folder.name}-{hashlib.sha256(lock).hexdigest()[:16]}"
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(folder / name, making)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--no-progress", "--ignore-scripts", "--loglevel=error"]
        done = subprocess.run(command, cwd=making, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"npm could not install {folder.name}:\n{done.stdout}{done.stderr}"
        if not place.exists():
            making.rename(place)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return place


def _cache() -> Path:
    given = os.environ.get("ORDERBELL_SHOPS")
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(given) if given else Path(home) / "orderbell" / "shops"


class NodeProgram:
    """A shop as a process: `start()` returns when it answers at `url`, `stop()` when it has ended, again and again.

    `environment` is put over ours; what it prints is added to `log`.
    """

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str], url: str) -> None:
        self._command = command
        self._folder = folder
        self._environment = {**os.environ, "NODE_OPTIONS": f"--require {LEASH}", **environment}
        self._url = url
        self._process: subprocess.Popen[bytes] | None = None
        self.log = folder / "shop.log"

    @property
    def is_up(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it where it does not run, and wait until it answers."""
        if not self.is_up:
            self._launch()
        end = time.monotonic() + UP_WITHIN_S
        while not self._answers():
            assert self.is_up, f"it ended by itself:\n{self._said()}"
            assert time.monotonic() < end, f"it does not answer:\n{self._said()}"
            time.sleep(0.1)  # a process of somebody else, which tells nobody when it is ready

    def stop(self) -> None:
        """End it, and wait until it has."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdin is not None
        process.stdin.close()

    def _launch(self) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
            )

    def _answers(self) -> bool:
        try:
            return requests.get(self._url, timeout=2).status_code < 500
        except requests.RequestException:
            return False

    def _said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]
