"""One server for all commands of a data folder: real processes, real kills."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from merchant_api.core.embedded import file_locks
from merchant_api.core.embedded.attach import attach
from tests.services.core.embedded.processes import Command, ask, gone_within, postmaster_of, supervisor_of


def test_two_commands_that_start_at_once_get_one_server(data: Path, command: Callable[[], Command]) -> None:
    commands = [command(), command(), command()]

    urls = {each.url() for each in commands}

    assert len(urls) == 1
    assert ask(urls.pop(), "SELECT current_database()") == [("orderbell",)]


def test_a_short_command_beside_a_long_one_leaves_the_server_running(
    data: Path, command: Callable[[], Command]
) -> None:
    long = command()
    postmaster = long.url() and postmaster_of(data)

    short = command()
    short.url()
    short.end()

    assert not gone_within(7, data)
    assert postmaster_of(data) == postmaster
    long.end()
    assert gone_within(8, data)


def test_a_command_that_comes_before_the_five_seconds_are_over_finds_the_same_server(data: Path) -> None:
    first = attach(data)
    postmaster = postmaster_of(data)
    first.release()
    first.release()

    second = attach(data)

    assert (second.url, postmaster_of(data)) == (first.url, postmaster)
    second.release()


def test_a_killed_command_ends_the_server_and_its_data_are_found_again(
    data: Path, command: Callable[[], Command]
) -> None:
    running = command()
    ask(running.url(), "CREATE TABLE kept AS SELECT 42 AS answer")

    running.kill()

    assert gone_within(8, data)
    again = attach(data)
    assert ask(again.url, "SELECT answer FROM kept") == [(42,)]
    again.release()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent ended")
def test_a_killed_supervisor_takes_the_server_along_and_the_next_command_starts_one(
    data: Path, command: Callable[[], Command]
) -> None:
    running = command()
    url = running.url()
    ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    supervisor = supervisor_of(data)
    assert supervisor is not None

    os.kill(supervisor, signal.SIGKILL)
    while not file_locks.is_free(data / "supervisor.lock"):  # a kill takes effect a moment later
        time.sleep(0.001)
    again = attach(data)

    assert again.url == url
    assert supervisor_of(data) not in (None, supervisor)
    assert ask(again.url, "SELECT answer FROM kept") == [(42,)]
    again.release()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent ended")
def test_who_runs_long_starts_the_server_again_when_its_supervisor_was_killed(data: Path) -> None:
    attached = attach(data)
    supervisor = supervisor_of(data)
    assert supervisor is not None
    attached.renew()
    assert supervisor_of(data) == supervisor  # nothing was amiss

    os.kill(supervisor, signal.SIGKILL)
    while not file_locks.is_free(data / "supervisor.lock"):
        time.sleep(0.001)
    attached.renew()

    assert supervisor_of(data) not in (None, supervisor)
    assert ask(attached.url, "SELECT 1") == [(1,)]
    attached.release()


def test_everything_killed_at_once_leaves_nothing_and_loses_nothing(data: Path, command: Callable[[], Command]) -> None:
    running = command()
    ask(running.url(), "CREATE TABLE kept AS SELECT 42 AS answer")
    supervisor, postmaster = supervisor_of(data), postmaster_of(data)
    assert supervisor is not None
    assert postmaster is not None

    for pid in (supervisor, postmaster):
        os.kill(pid, signal.SIGKILL)
    running.kill()

    assert gone_within(8, data)
    again = attach(data)
    assert ask(again.url, "SELECT answer FROM kept") == [(42,)]
    again.release()


def test_a_server_that_dies_alone_is_started_again_under_the_same_address(data: Path) -> None:
    attached = attach(data)
    postmaster = postmaster_of(data)
    assert postmaster is not None

    os.kill(postmaster, signal.SIGKILL)
    until = time.monotonic() + 20
    while postmaster_of(data) in (None, postmaster) and time.monotonic() < until:
        time.sleep(0.05)
    while time.monotonic() < until:
        with contextlib.suppress(psycopg.OperationalError):
            assert ask(attached.url, "SELECT 1") == [(1,)]
            break

    assert postmaster_of(data) not in (None, postmaster)
    attached.release()


def test_ctrl_c_in_the_terminal_of_a_command_does_not_reach_the_server(
    data: Path, command: Callable[[], Command]
) -> None:
    running = command()
    other = attach(data)
    running.url()

    os.killpg(running.process.pid, signal.SIGINT)
    running.process.communicate(timeout=20)

    assert ask(other.url, "SELECT 1") == [(1,)]
    other.release()


def test_every_acknowledged_commit_is_on_the_disk(data: Path) -> None:
    attached = attach(data)

    settings = ask(attached.url, "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit')")

    assert settings == [("fsync", "on"), ("synchronous_commit", "on")]
    assert ask(attached.url, "SHOW listen_addresses") == [("",)]
    assert ask(attached.url, "SELECT lower('ÉÅ')") == [("éå",)]
    attached.release()
