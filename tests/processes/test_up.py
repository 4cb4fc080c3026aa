"""All of it as processes, as a person starts it: `up`, the story of `demo`, and what is left when it ends."""

import os
import signal
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from merchant_api.server import up as up_module
from tests.processes.start import are_gone, children, up

pytestmark = pytest.mark.xdist_group("processes")


def test_a_killed_up_leaves_no_process_behind(given: dict[str, str], tmp_path: Path):
    with up(given, tmp_path / "said") as process:
        ours = children(process.pid)

        process.kill()

        assert len(ours) >= 3
        assert are_gone(ours)


@pytest.mark.parametrize("part", ["serve", "jobs"])
def test_when_one_part_dies_all_ends_and_it_is_named(given: dict[str, str], tmp_path: Path, part: str):
    said = tmp_path / "said"
    with up(given, said) as process:
        ours = children(process.pid)
        of_part = [pid for pid in ours if Path(f"/proc/{pid}/cmdline").read_bytes().endswith(f"\0{part}\0".encode())]

        os.kill(of_part[0], signal.SIGKILL)

        assert process.wait(30) == 1
        assert are_gone(ours)
    assert ("api ended (-9)" if part == "serve" else "jobs ended (-9)") in said.read_text()


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
