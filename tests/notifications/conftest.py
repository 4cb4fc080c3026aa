"""Stand-ins and values that the tests of notifications share."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from notifications.message import Push
from tests.fakes.certificates import pem
from tests.fakes.fcm import FakeFcm
from tests.fakes.push_receiver import PushReceiver

MakeMessage = Callable[..., Push]


def now() -> datetime:
    """The system's clock: the stand-in of the push service compares it with its own."""
    return datetime.now(UTC)


@pytest.fixture
def make_message() -> MakeMessage:
    def make(**changes: Any) -> Push:
        plain = {
            "id": "delivery-1",
            "type": "order.requested",
            "tag": "0190b6a1-0000-7000-8000-000000000001",
            "title": "Order 7K2M",
            "body": "2 × Shawl, NPR 3,000.00. Answer before 14:32 (Kathmandu, UTC+5:45).",
            "data": {"code": "7K2M", "respond_by": "2026-11-22T08:47:00Z", "actions": "accept,decline"},
            "ttl_s": 1800,
        }
        return Push(**(plain | changes))

    return make


@pytest.fixture(scope="module")
def vapid_pem() -> str:
    return pem(ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
def push_service() -> Iterator[PushReceiver]:
    with PushReceiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def google() -> Iterator[FakeFcm]:
    with FakeFcm() as fake:
        yield fake
