"""A data folder of its own for each test, and commands that use it."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from merchant_api.core.embedded.binaries import EmbeddedFailed
from merchant_api.core.embedded.folder import known_folder
from tests.services.core.embedded.processes import Command, terminate


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="orderbell-data-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    for pointer in (folder, *(file.parent for file in folder.rglob("supervisor.lock"))):
        terminate(pointer)
        with contextlib.suppress(EmbeddedFailed):
            shutil.rmtree(known_folder(pointer), ignore_errors=True)
    shutil.rmtree(folder)


@pytest.fixture
def command(data: Path) -> Iterator[Callable[[], Command]]:
    """Starts a command on the test's data folder; those still running are killed at the end."""
    started: list[Command] = []

    def start() -> Command:
        started.append(Command(data))
        return started[-1]

    yield start
    for each in started:
        each.kill()
