"""All of it as processes, as a person starts it: `up`, the story of `demo`, and what is left when it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.house.sources import ROOT

ORDERBELL = (sys.executable, "-m", "merchant_api.cli")
UP_WITHIN_S = 90
pytestmark = pytest.mark.xdist_group("processes")


def _environment(data: Path, **settings: str) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {name: text for name, text in os.environ.items() if not name.startswith(("ORDERBELL_", "DATABASE_URL"))}
    kept = {name: os.environ[name] for name in ("ORDERBELL_PG_BINDIR",) if name in os.environ}
    return ours | kept | {"ORDERBELL_DATA": str(data), "ORDERBELL_PORT": str(port), "ORDERBELL_WORKERS": "1"} | settings


@contextmanager
def _up(environment: dict[str, str], said: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    with said.open("wb") as output:
        process = subprocess.Popen(
            (*ORDERBELL, "up", *options), cwd=ROOT, env=environment, stdout=output, stderr=output
        )
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


def _children(parent: int) -> set[int]:
    found = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    pairs = list(zip(map(int, found[::2]), map(int, found[1::2]), strict=True))
    mine: set[int] = {pid for pid, of in pairs if of == parent}
    return mine.union(*(_children(pid) for pid in mine))


def _gone(pids: set[int], within_s: float = 20) -> bool:
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


@pytest.fixture
def given(clone: Callable[[], str], drop: Callable[[str], None], tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation on a database of one's own."""
    url = clone()
    yield _environment(tmp_path / "data", DATABASE_URL=url, ORDERBELL_SECRET_KEYS="k" * 40)
    drop(url)


def test_the_demo_plays_on_a_fresh_machine_twice_and_a_signal_ends_all(tmp_path: Path):
    environment, said = _environment(tmp_path / "data"), tmp_path / "said"
    with _up(environment, said, "--demo") as process:
        children = _children(process.pid)

        stories = [
            subprocess.run((*ORDERBELL, "demo"), cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            for _ in range(2)
        ]
        process.send_signal(signal.SIGTERM)

        for story in stories:
            assert (story.returncode, story.stderr) == (0, ""), story.stdout
            assert "Every step happened." in story.stdout
        assert process.wait(30) == 0
    assert _gone(children)
    shown = said.read_text()
    assert re.search(r"with the password \S{8,}", shown)
    assert "owner@demo.example" in shown
    assert "[accept|decline]" in shown


def test_a_killed_up_leaves_no_process_behind(given: dict[str, str], tmp_path: Path):
    with _up(given, tmp_path / "said") as process:
        children = _children(process.pid)

        process.kill()

        assert len(children) >= 3
        assert _gone(children)


@pytest.mark.parametrize("part", ["serve", "jobs"])
def test_when_one_part_dies_all_ends_and_it_is_named(given: dict[str, str], tmp_path: Path, part: str):
    said = tmp_path / "said"
    with _up(given, said) as process:
        children = _children(process.pid)
        of_part = [
            pid for pid in children if Path(f"/proc/{pid}/cmdline").read_bytes().endswith(f"\0{part}\0".encode())
        ]

        os.kill(of_part[0], signal.SIGKILL)

        assert process.wait(30) == 1
        assert _gone(children)
    assert ("api ended (-9)" if part == "serve" else "jobs ended (-9)") in said.read_text()


def test_jobs_are_seen_at_work_and_ctrl_c_ends_all(given: dict[str, str], tmp_path: Path):
    with _up(given, tmp_path / "said") as process:
        url = f"http://127.0.0.1:{given['ORDERBELL_PORT']}"
        assert requests.get(f"{url}/readyz", timeout=5).json()["jobs"]["status"] == "alive"
        assert "orderbell_job_runs_total" in requests.get(f"{url}/metrics", timeout=5).text

        process.send_signal(signal.SIGINT)

        assert process.wait(30) == 0
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{url}/healthz", timeout=5)


def test_a_second_one_on_the_same_port_says_so(given: dict[str, str], tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(given["ORDERBELL_PORT"])))
        other.listen()

        done = subprocess.run((*ORDERBELL, "serve"), cwd=ROOT, env=given, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "set ORDERBELL_PORT" in done.stderr


def test_a_half_set_pair_refuses_to_start_in_one_line(tmp_path: Path):
    environment = _environment(tmp_path / "data", DATABASE_URL="postgresql://nowhere/db")

    for command in ("up", "serve", "jobs", "migrate"):
        done = subprocess.run(
            (*ORDERBELL, command), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].startswith(
            "orderbell: DATABASE_URL is set but ORDERBELL_SECRET_KEYS is not"
        )


def test_staff_is_added_by_command_and_the_password_is_not_shown(given: dict[str, str]):
    environment = given | {"ORDERBELL_STAFF_PASSWORD": "a long enough word"}
    command = (*ORDERBELL, "staff", "add", "nima@example.com", "--name", "Nima")

    first, second = (
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        for _ in range(2)
    )

    assert (first.returncode, second.returncode) == (0, 1)
    assert "long enough" not in first.stdout + first.stderr
    assert second.stderr.startswith("orderbell: ")
