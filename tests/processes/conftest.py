"""What tests of processes are given."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.processes.start import environment_of
from tests.tenancy import OWNER, as_role


@pytest.fixture
def given(clone: Callable[[], str], drop: Callable[[str], None], tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation on a database of one's own."""
    url = as_role(clone(), OWNER)  # one role that owns everything, and no superuser
    yield environment_of(tmp_path / "data", DATABASE_URL=url, ORDERBELL_SECRET_KEYS="k" * 40)
    drop(url)
