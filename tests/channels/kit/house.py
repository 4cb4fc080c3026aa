"""A merchant of ours beside a shop: its channel, and all that jobs do with it, done until nothing is left to do."""

import dataclasses
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from jobs.channels import look, note, poll, runs
from jobs.channels.send import LevelSending
from jobs.timetable import routine
from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Product
from merchant_api.channels import connectors, switch
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.run_models import ChannelRound, ChannelRun
from merchant_api.channels.runs import start
from merchant_api.channels.sealed import put_credentials
from merchant_api.channels.states import RoundKind, RunKind
from merchant_api.core import clock
from merchant_api.core.db import Model, session
from merchant_api.orders.models import Order
from merchant_api.stock import adjust
from tests.channels.kit.driver import ShopDriver
from tests.make.channels import make_channel
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_stock
from tests.make.stock import balances

PATIENCE_S = 60.0
M = TypeVar("M", bound=Model)


class House:
    """The merchant, the channel of the shop, and a second channel that hears of every change."""

    def __init__(self, app: Flask, driver: ShopDriver) -> None:
        self.driver = driver
        kept = app.extensions["orderbell.settings"]
        host = urlsplit(driver.address).netloc
        app.extensions["orderbell.settings"] = dataclasses.replace(kept, shop_hosts=frozenset({host}))
        self.merchant: Merchant = make_merchant(currency=driver.currency)
        self.channel: Channel = make_channel(
            self.merchant, kind=driver.kind, address=driver.address, is_primary=True, name="The shop"
        )
        put_credentials(self.channel, driver.credentials)
        session().add(self.channel)
        switch.make_rounds(self.channel, connectors.of(driver.kind))
        session().commit()
        self._sending = LevelSending()
        self.settle()

    def settle(self) -> None:
        """Poll, note and send until nothing waits and nothing is on its way."""
        self._due_now(RoundKind.POLL)
        poll.run()
        self._send_all()

    def look(self) -> None:
        """A whole look at the shop's levels, with the second read of what differed."""
        for _ in range(4):
            self.settle()
            self._due_now(RoundKind.LOOK)
            look.run()
        self._send_all()

    def run(self, kind: RunKind, *, apply: bool = True) -> ChannelRun:
        """A run to its end."""
        row = start.start(self.merchant.id, self.channel.id, kind, start.RunAsked(apply=apply), make_actor())
        run_id = row.id
        session().commit()
        until = time.monotonic() + PATIENCE_S
        while True:
            self._wake(ChannelRun)
            runs.run()
            self.settle()
            found = self._fresh(ChannelRun, (self.merchant.id, run_id))
            if found.ended_at is not None:
                return found
            assert time.monotonic() < until, (found.state, found.why, found.problems)

    def product(self, shop_id: str) -> Product:
        """The product that an item became."""
        return self._fresh(Product, (self.merchant.id, self.listing(shop_id).product_id))

    def stock(self, shop_id: str) -> tuple[int, int, int]:
        """What is on hand, held and used of an item's product."""
        found = balances(self.product(shop_id))
        session().commit()  # nothing stays open while the shop is asked
        return found

    def listing(self, shop_id: str) -> Listing:
        """The listing of an item."""
        session().rollback()
        row = select(Listing).where(Listing.merchant_id == self.merchant.id, Listing.shop_id == shop_id)
        found = session().execute(row.execution_options(populate_existing=True)).scalar_one()
        session().commit()
        return found

    def channel_now(self) -> Channel:
        """The channel as it is now."""
        return self._fresh(Channel, (self.merchant.id, self.channel.id))

    def set_stock(self, shop_id: str, quantity: int) -> None:
        """The merchant sets what is available here."""
        adjust.set_available(self.merchant.id, self.product(shop_id).id, adjust.Level(quantity), make_actor())
        session().commit()

    def orders(self) -> list[Order]:
        """What came in, the oldest first."""
        session().rollback()
        rows = select(Order).where(Order.merchant_id == self.merchant.id).order_by(Order.id)
        found = list(session().execute(rows.execution_options(populate_existing=True)).scalars())
        session().commit()
        return found

    def check(self) -> None:
        """Whatever happened, the books are even, and settling has had its turn."""
        routine("settle_stock").run()
        check_stock(self.merchant.id)
        session().commit()

    def until(self, is_so: Callable[[], bool]) -> None:
        """Go on, the shop tried whenever it failed, until something is so."""
        until = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < until, (self.channel_now().state, self.channel_now().why)
            self._again_now()
            self.settle()

    def _again_now(self) -> None:
        session().execute(
            update(Channel)
            .where(Channel.merchant_id == self.merchant.id, Channel.retry_at.is_not(None))
            .values(retry_at=clock.now())
        )
        session().commit()

    def _send_all(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while note.run().done or self._sending.turn() or self._sending.is_busy:
            assert time.monotonic() < until
            time.sleep(0.01)

    def _due_now(self, kind: RoundKind) -> None:
        rounds = update(ChannelRound).where(ChannelRound.merchant_id == self.merchant.id, ChannelRound.kind == kind)
        session().execute(rounds.values(due_at=clock.now()))
        session().commit()

    def _wake(self, model: type[ChannelRun]) -> None:
        session().execute(update(model).where(model.merchant_id == self.merchant.id).values(due_at=clock.now()))
        session().commit()

    def _fresh(self, model: type[M], key: tuple[UUID, UUID]) -> M:
        session().rollback()
        found = session().get_one(model, key, populate_existing=True)
        session().commit()
        return found
