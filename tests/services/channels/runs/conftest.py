"""A merchant's channel whose shop is in memory, and runs that are carried on as the job does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jobs.channels import runs
from merchant_api.channels import connectors
from merchant_api.channels.run_models import ChannelRound, ChannelRun
from merchant_api.channels.runs import start
from merchant_api.channels.states import RoundKind, RunKind
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from tests.fakes.memory_shop import MemoryShop
from tests.make.channels import make_channel
from tests.make.people import make_actor, make_merchant, saved


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> MemoryShop:
    """The shop, whatever the kind."""
    made = MemoryShop()
    monkeypatch.setattr(connectors, "of", lambda _kind: made)
    return made


@pytest.fixture
def channel(database: object, shop: MemoryShop) -> Any:
    """The merchant's primary channel; its orders are known until far ahead."""
    row = make_channel(make_merchant(), is_primary=True)
    polled(row, datetime.now(UTC) + timedelta(days=1))
    return row


def polled(channel: Any, until: datetime) -> ChannelRound:
    """A round of polls that knows all orders until then."""
    columns = {"kind": RoundKind.POLL, "is_on": True, "mark": {}, "hints": [], "read_until": until}
    due_at = clock.now() + timedelta(days=1)
    return saved(
        ChannelRound(merchant_id=channel.merchant_id, id=new_id(), channel_id=channel.id, due_at=due_at, **columns)
    )


@pytest.fixture
def carried(channel: Any) -> Callable[..., ChannelRun]:
    """Start a run and carry it on until it waits or ends."""

    def run(kind: RunKind, *, apply: bool = True) -> ChannelRun:
        asked = start.RunAsked(apply=apply)
        row = start.start(channel.merchant_id, channel.id, kind, asked, make_actor())
        session().commit()
        return go_on(row)

    return run


def go_on(row: ChannelRun) -> ChannelRun:
    """Let the job work while anything is due, and read the run anew."""
    runs.run()
    session().rollback()
    session().expire_all()
    return start.find(row.merchant_id, row.channel_id, row.id)
