"""The stand-in that the tests of calls to the outside share."""

from collections.abc import Iterator

import pytest

from tests.fakes.push_receiver import PushReceiver


@pytest.fixture
def push_service() -> Iterator[PushReceiver]:
    with PushReceiver() as receiver:
        yield receiver
