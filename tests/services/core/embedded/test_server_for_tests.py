"""The throw-away server that the suite itself runs on."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.server import TestServer
from tests.services.core.embedded.processes import ROOT, ask


def test_a_server_for_tests_ends_with_the_process_that_started_it() -> None:
    script = "from tests.server import TestServer; s = TestServer().start(); print(s.folder, flush=True); input()"
    run = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    folder = Path(run.stdout.readline().strip())
    pid_file = folder / "data" / "postmaster.pid"
    assert pid_file.exists()

    run.kill()
    run.communicate()

    until = time.monotonic() + 8
    while pid_file.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not pid_file.exists()
    shutil.rmtree(folder)


def test_a_server_for_tests_answers_on_both_addresses_and_leaves_no_folder() -> None:
    server = TestServer(max_connections="20").start()

    assert ask(server.url(), "SHOW max_connections") == ask(server.tcp_url(), "SHOW max_connections") == [("20",)]

    server.stop()
    assert not server.folder.exists()
