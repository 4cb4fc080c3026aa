"""One round of one channel: ask the shop, apply what it says order by order, keep the mark when its page is applied.

A shop that can't be asked is shown as failing, and waits as long as its circuit says. An order that can't be applied is
logged and parked, and keeps nobody else.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from jobs.channels import next_poll
from jobs.channels.apply_each import apply_each
from jobs.channels.ask import ask
from jobs.channels.kept_lease import KeptLease, LeaseLost
from merchant_api.channels import connectors, rounds
from merchant_api.channels.connector import PASS_S, Abilities, WebShop
from merchant_api.channels.faults import ShopFault
from merchant_api.channels.models import Channel
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.sales import known
from merchant_api.channels.sales.source import Source, source
from merchant_api.channels.shop_orders import OrderFeed, ShopOrder
from merchant_api.core import clock
from merchant_api.core.db import in_transaction, session
from merchant_api.core.tenancy import of
from merchant_api.outbox import claim

T = TypeVar("T")
LEASE_S = claim.lease_for(PASS_S)
MOST_BY_ID = 50
MOST_PAGES = 20  # of one round; what is left is due at once
READ_LATELY = timedelta(seconds=10)


def poll(row: ChannelRound, lease_s: float = LEASE_S) -> bool:
    """Carry out a leased round; gives whether the shop was read."""
    whose = of(row.merchant_id)
    channel = in_transaction(partial(_channel, row), whose)
    if channel is None:
        in_transaction(partial(rounds.record, row, lease_token=None, is_on=False), whose)
        return True
    round_ = _Round(row, channel, KeptLease(row, lease_s))
    try:
        is_done = round_.read()
    except LeaseLost:
        return True
    except ShopFault as fault:
        in_transaction(partial(next_poll.after_fault, row, fault), whose)
        return False
    in_transaction(partial(next_poll.after, row, round_.abilities, is_done=is_done), whose)
    return True


def _channel(row: ChannelRound) -> Channel | None:
    channel = session().get_one(Channel, (row.merchant_id, row.channel_id), populate_existing=True)
    session().expunge(channel)
    return None if channel.ended_at is not None else channel


class _Round:
    """What is known while a round goes on."""

    def __init__(self, row: ChannelRound, channel: Channel, lease: KeptLease) -> None:
        self._row, self._channel, self._lease = row, channel, lease
        self._whose = of(row.merchant_id)
        self._source: Source = in_transaction(partial(source, row.merchant_id, row.channel_id), self._whose)
        self.abilities: Abilities = connectors.of(channel.kind).abilities
        self._read_again: list[str] = []

    def read(self) -> bool:
        """All of it; gives whether nothing is left that is due at once. Raises ShopFault, LeaseLost."""
        self._by_id(list(dict.fromkeys(self._row.hints)))
        mark = self._row.mark
        for _ in range(MOST_PAGES):
            asked_at, feed = self._ask(partial(_feed, mark))
            self._apply(feed.orders, asked_at)
            mark = dict(feed.mark)
            self._record(mark=mark, **({} if feed.has_more else {"read_until": asked_at}))
            if not feed.has_more:
                break
        else:
            return False
        if self.abilities.rereads_open:
            self._by_id(in_transaction(self._open_ids, self._whose))
        self._by_id(self._read_again)
        return True

    def _by_id(self, external_ids: Sequence[str]) -> None:
        """Read orders by their ids, 50 at a time; what the shop has no more is not asked for again."""
        for first in range(0, len(external_ids), MOST_BY_ID):
            some = external_ids[first : first + MOST_BY_ID]
            asked_at, found = self._ask(partial(_orders, some))
            self._apply(found, asked_at)
            missing = set(some) - {order.external_id for order in found}
            if missing:
                merchant_id, channel_id = self._row.merchant_id, self._row.channel_id
                in_transaction(partial(known.gone, merchant_id, channel_id, missing, asked_at), self._whose)

    def _open_ids(self) -> list[str]:
        before = clock.now() - READ_LATELY
        return known.open_ids(self._row.merchant_id, self._row.channel_id, before, MOST_BY_ID)

    def _ask(self, question: Callable[[WebShop], T]) -> tuple[datetime, T]:
        self._lease.keep()
        return ask(self._channel, question)

    def _apply(self, orders: Iterable[ShopOrder], asked_at: datetime) -> None:
        self._read_again += apply_each(self._source, orders, asked_at, self._lease.keep)

    def _record(self, **values: Any) -> None:
        if not in_transaction(partial(rounds.record, self._row, **values), self._whose):
            raise LeaseLost


def _feed(mark: dict[str, Any], shop: WebShop) -> OrderFeed:
    return shop.orders(mark)


def _orders(external_ids: Sequence[str], shop: WebShop) -> Sequence[ShopOrder]:
    return shop.orders_by_id(external_ids)
