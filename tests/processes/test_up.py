"""All of it as processes, as a person starts it: `up`, the story of `demo`, and what is left when it ends."""

import os
import re
import signal
import time
from pathlib import Path

import pytest
import requests

from tests.processes.start import are_gone, children, environment_of, run, up
from tests.services.core.embedded.processes import supervisor_of

pytestmark = pytest.mark.xdist_group("processes")


def test_the_demo_plays_on_a_fresh_machine_twice_and_a_signal_ends_all(tmp_path: Path):
    environment, said = environment_of(tmp_path / "data"), tmp_path / "said"
    with up(environment, said, "--demo") as process:
        ours = children(process.pid)

        stories = [run(environment, "demo") for _ in range(2)]
        audit = run(environment, "audit")
        process.send_signal(signal.SIGTERM)

        for story in stories:
            assert (story.returncode, story.stderr) == (0, ""), story.stdout
            assert "Every step happened." in story.stdout
        assert (audit.returncode, "all add up" in audit.stdout) == (0, True)
        assert process.wait(30) == 0
    assert are_gone(ours)
    shown = said.read_text()
    assert re.search(r"with the password \S{8,}", shown)
    assert "owner@demo.example" in shown
    assert "[accept|decline]" in shown


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


def test_a_killed_owner_of_the_database_is_replaced_and_all_goes_on(tmp_path: Path):
    environment = environment_of(tmp_path / "data")
    ready = f"http://127.0.0.1:{environment['ORDERBELL_PORT']}/readyz"
    with up(environment, tmp_path / "said") as process:
        supervisor = supervisor_of(tmp_path / "data")
        assert supervisor is not None

        os.kill(supervisor, signal.SIGKILL)
        assert are_gone({supervisor})

        until = time.monotonic() + 30
        while supervisor_of(tmp_path / "data") is None or not requests.get(ready, timeout=10).ok:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_jobs_are_seen_at_work_and_ctrl_c_ends_all(given: dict[str, str], tmp_path: Path):
    with up(given, tmp_path / "said") as process:
        url = f"http://127.0.0.1:{given['ORDERBELL_PORT']}"
        assert requests.get(f"{url}/readyz", timeout=5).json()["jobs"]["status"] == "alive"
        assert "orderbell_job_runs_total" in requests.get(f"{url}/metrics", timeout=5).text

        process.send_signal(signal.SIGINT)

        assert process.wait(30) == 0
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{url}/healthz", timeout=5)
