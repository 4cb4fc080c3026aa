"""What tests of Vendure's answers are given."""

from collections.abc import Iterator

import pytest

from tests.channels.vendure.stand_in import VendureAnswers


@pytest.fixture
def shop() -> Iterator[VendureAnswers]:
    """It runs, and has nothing to say yet."""
    with VendureAnswers() as running:
        yield running
