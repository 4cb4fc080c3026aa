"""A database to be taken apart."""

from collections.abc import Callable, Iterator

import pytest


@pytest.fixture
def empty(clone: Callable[[], str], drop: Callable[[str], None]) -> Iterator[str]:
    """A migrated database without rows."""
    url = clone()
    yield url
    drop(url)
