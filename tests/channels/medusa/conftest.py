"""What tests of Medusa's answers are given."""

from collections.abc import Iterator

import pytest

from tests.channels.medusa.stand_in import MedusaAnswers


@pytest.fixture
def shop() -> Iterator[MedusaAnswers]:
    """It runs, and has nothing to say yet."""
    with MedusaAnswers() as running:
        yield running
