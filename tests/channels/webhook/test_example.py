"""The example of docs/channels.md is run as it stands there, and is in step."""

import http.server
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from merchant_api.channels.connector import PASS_S, ShopAccess, WebShop
from merchant_api.channels.faults import ShopDenies
from merchant_api.channels.kinds.webhook.connector import CONNECTOR
from merchant_api.channels.shop_levels import Acknowledged, ItemGone, ItemRef, LevelWanted
from merchant_api.channels.wire import ShopWire
from merchant_api.core import clock
from merchant_api.core.endpoint import Incoming
from outside.calls import Calls
from outside.exchange import Outside
from outside.reach import Reach
from tests.fakes.loopback import Loopback, Server

EXAMPLE = Path(__file__).parents[3] / "docs" / "channel_example.py"
SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSBleGFtcGxlLCAyNCBieXRlcw=="
OTHER = "whsec_" + "YW5vdGhlciBzZWNyZXQsIG9mIDI0IGJ5dGVzIGFzIHdlbGw="


class EventsStandIn(Loopback):
    """Keeps the events that come, as we would hear them."""

    def __init__(self) -> None:
        self.come: list[Incoming] = []

    def make_server(self) -> Server:
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with stand_in.arrived:
                    stand_in.come.append(Incoming(body, headers, self.headers.get_content_type()))
                    stand_in.arrived.notify_all()
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        return Server(("127.0.0.1", 0), Handler)


@dataclass(frozen=True)
class ExampleShop:
    """The example, running."""

    url: str
    events: EventsStandIn

    def open(self, secret: str = SECRET) -> WebShop:
        host = self.url.split("/")[2]
        wire = ShopWire(Calls(Outside(Reach(opened=frozenset({host}))), PASS_S), self.url, {})
        return CONNECTOR.open(ShopAccess(self.url, {"secret": secret}, "NPR"), wire)

    def buy(self, **wanted: int) -> str:
        url = self.url.replace("/orderbell", "/buy")
        return str(requests.post(url, json=wanted, timeout=10).json()["id"])


@pytest.fixture
def example() -> Iterator[ExampleShop]:
    with EventsStandIn() as events:
        known = {**os.environ, "SHOP_SECRET": SECRET, "EVENTS_URL": events.url}
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with subprocess.Popen([sys.executable, str(EXAMPLE)], env=known, text=True, **quiet) as shop:
            yield ExampleShop(shop.stdout.readline().strip(), events)
            shop.terminate()


def test_it_is_no_longer_than_it_says() -> None:
    assert len(EXAMPLE.read_text().splitlines()) <= 60


def test_levels_are_what_it_sells_and_what_it_never_had_is_gone(example: ExampleShop) -> None:
    wanted = [LevelWanted(ItemRef("MUG"), 4), LevelWanted(ItemRef("KITE"), 4)]

    mug, kite = example.open().set_levels(wanted)

    assert (type(mug), type(kite)) == (Acknowledged, ItemGone)
    read = example.open().read_levels([ItemRef("MUG"), ItemRef("KITE")])
    assert [getattr(each, "sells", None) for each in read] == [4, None]


def test_it_says_who_it_is_and_what_it_sells(example: ExampleShop) -> None:
    checked, page = example.open().check(), example.open().items(None)

    assert (checked.account, checked.currency, {"levels", "orders", "items"} <= checked.can) == ("Example", "NPR", True)
    assert [(item.sku, item.sells) for item in page.items] == [("MUG", 10), ("BOWL", 10)]


def test_an_order_is_told_by_an_event_and_by_the_feed_alike(example: ExampleShop) -> None:
    mark = example.open().orders({}).mark

    placed = example.buy(MUG=3)

    (came,) = example.events.wait_until_come(example.events.come, 1, 10)
    (heard,) = CONNECTOR.hear(came, SECRET, clock.now()).orders
    assert heard.external_id == placed
    assert list(example.open().orders(mark).orders) == list(example.open().orders_by_id([placed, "none"])) == [heard]
    assert [(line.shop_id, line.taken) for line in heard.lines] == [("MUG", 3)]
    assert [item.sells for item in example.open().items(None).items] == [7, 10]


def test_a_call_that_is_signed_by_another_is_denied(example: ExampleShop) -> None:
    with pytest.raises(ShopDenies):
        example.open(OTHER).check()
