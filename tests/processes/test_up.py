"""All of it as processes, as a person starts it: `up`, the story of `demo`, and what is left when it ends."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from merchant_api.server import restarts
from merchant_api.server import up as up_module
from tests.processes.start import UP_WITHIN_S, are_gone, children, up

pytestmark = pytest.mark.xdist_group("processes")


def test_a_killed_up_leaves_no_process_behind(given: dict[str, str], tmp_path: Path):
    with up(given, tmp_path / "said") as process:
        ours = children(process.pid)

        process.kill()

        assert len(ours) >= 3
        assert are_gone(ours)


@pytest.mark.parametrize("part", ["serve", "jobs"])
def test_a_part_that_dies_is_named_and_started_again(given: dict[str, str], tmp_path: Path, part: str):
    said = tmp_path / "said"
    with up(given, said) as process:
        first, others = _parts(process.pid, part), children(process.pid)

        for pid in first:
            os.kill(pid, signal.SIGKILL)

        _wait_until(lambda: (now := _parts(process.pid, part)) and not now & first)
        _wait_until(lambda: _answers(given, "/readyz"))
        assert are_gone(first)
        assert process.poll() is None
        others |= children(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert are_gone(others)
    assert f"{'api' if part == 'serve' else 'jobs'} ended (-9); it is started again." in said.read_text()


def test_a_worker_of_the_api_that_dies_twice_in_a_row_is_started_again(given: dict[str, str], tmp_path: Path):
    with up(given, tmp_path / "said") as process:
        (api,) = _parts(process.pid, "serve")

        for _ in range(3):
            workers = _workers(api)
            for pid in workers:
                os.kill(pid, signal.SIGKILL)
            _wait_until(lambda gone=workers: (now := _workers(api)) and not now & gone)

        _wait_until(lambda: _answers(given, "/readyz"))
        assert _parts(process.pid, "serve") == {api}


def test_a_part_that_dies_again_and_again_ends_all_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(up_module, "PARTS", {"jobs": (sys.executable, "-c", "raise SystemExit(3)")})
    monkeypatch.setattr(restarts, "FIRST_PAUSE_S", 0.0)
    settings = SimpleNamespace(data=tmp_path)
    installation = SimpleNamespace(settings=settings, environment=lambda _role: dict(os.environ), keep=lambda: None)
    child = up_module._start("jobs", installation)

    with pytest.raises(up_module.ChildDied, match=r"jobs ended \(3\)"):
        up_module.watch([child], threading.Event(), installation)


def _parts(process: int, part: str) -> set[int]:
    """The processes of `up` that were started as `part`."""
    named = f"\0{part}\0".encode()
    return {pid for pid in children(process) if _command(pid).endswith(named)}


def _workers(api: int) -> set[int]:
    return {pid for pid in children(api) if b"spawn_main" in _command(pid)}


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _answers(given: dict[str, str], path: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(f"http://127.0.0.1:{given['ORDERBELL_PORT']}{path}", timeout=5).ok
    return False


def _wait_until(is_so: Callable[[], object], within_s: float = UP_WITHIN_S) -> None:
    until = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_who_watches_looks_after_the_database_too():
    stop = threading.Event()

    up_module.watch([], stop, SimpleNamespace(keep=stop.set))  # it would go on for ever otherwise

    assert stop.is_set()


def test_jobs_are_seen_at_work_and_ctrl_c_ends_all(given: dict[str, str], tmp_path: Path):
    with up(given, tmp_path / "said") as process:
        url = f"http://127.0.0.1:{given['ORDERBELL_PORT']}"
        assert requests.get(f"{url}/readyz", timeout=5).json()["jobs"]["status"] == "alive"
        assert "orderbell_job_runs_total" in requests.get(f"{url}/metrics", timeout=5).text

        process.send_signal(signal.SIGINT)

        assert process.wait(30) == 0
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{url}/healthz", timeout=5)
