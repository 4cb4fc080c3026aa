"""What somebody installs: a wheel built from the tree, in an environment without the repository, in another folder."""

import json
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT
from tests.processes.start import Program, are_gone, children, environment_of, run, up

pytestmark = pytest.mark.xdist_group("processes")
INSTALLED = (*PACKAGES, "migrations")
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
WHERE = "import importlib, json, sys; print(json.dumps([importlib.import_module(n).__file__ for n in sys.argv[1:]]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, for a build leaves folders behind."""
    copy, built = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("built")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in INSTALLED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-c", BUILD, built], cwd=copy, check=True, capture_output=True)
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh one: the wheel is installed in it, and of ours it borrows what others wrote."""
    fresh = tmp_path_factory.mktemp("fresh") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", fresh], check=True)
    python = fresh / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True)
    (site,) = (fresh / "lib").glob("python*/site-packages")
    (site / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return fresh


@pytest.fixture
def program(environment: Path, tmp_path: Path) -> Program:
    """`orderbell` as it is installed, called where something else is named as a part of ours is."""
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "jobs").mkdir(parents=True)
    (elsewhere / "jobs" / "__init__.py").write_text("raise RuntimeError('not ours')")
    return Program((str(environment / "bin" / "orderbell"),), elsewhere)


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """An installation without a database of its own, by somebody who knows nothing of the repository."""
    mine = environment_of(tmp_path / "data")
    return {name: value for name, value in mine.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}


def test_every_file_of_our_packages_is_in_the_wheel(wheel: Path):
    tree = {
        str(path.relative_to(ROOT))
        for name in INSTALLED
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    packed = {name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith("orderbell-")}

    assert packed == tree


def test_nothing_is_imported_from_the_repository(environment: Path, program: Program, given: dict[str, str]):
    asked = [environment / "bin" / "python", "-P", "-c", WHERE, *INSTALLED]

    found = json.loads(subprocess.check_output(asked, cwd=program.folder, env=given, text=True))

    assert [Path(file).is_relative_to(environment) for file in found] == [True] * len(INSTALLED)


def test_the_demo_plays_on_a_fresh_machine_twice_and_a_signal_ends_all(
    program: Program, given: dict[str, str], tmp_path: Path
):
    said = tmp_path / "said"
    migrated = run(given, "migrate", program=program)
    with up(given, said, "--demo", program=program) as process:
        ours = children(process.pid)
        folders = {str(Path(f"/proc/{pid}/cwd").readlink()) for pid in ours}

        stories = [run(given, "demo", program=program) for _ in range(2)]
        audit = run(given, "audit", program=program)
        process.send_signal(signal.SIGTERM)

        for story in stories:
            assert (story.returncode, story.stderr) == (0, ""), story.stdout
            assert "Every step happened." in story.stdout
        assert (audit.returncode, "all add up" in audit.stdout) == (0, True)
        assert process.wait(30) == 0
    assert are_gone(ours)
    assert (migrated.returncode, migrated.stdout) == (0, "Schema up to date.\n")
    assert folders == {str(program.folder)}
    shown = said.read_text()
    assert re.search(r"with the password \S{8,}", shown)
    assert "owner@demo.example" in shown
    assert f"{program.command[0]} demo" in shown
    assert "[accept|decline]" in shown
