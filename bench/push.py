"""From placing a request to the merchant's phone: open loop, a real API, a real job process, a stand-in push service.

Each request is due at its instant, whatever became of those before, and the time counts from then (a closed loop would
hide the waits). The stand-in checks signatures and decrypts as a real service does.
"""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

import psycopg

from bench import world
from bench.figures import Figure, percentile
from bench.stage import Stage, api, jobs
from merchant_api.alerts import devices, web_keys
from merchant_api.alerts.devices import Target
from merchant_api.alerts.models import DeviceKind
from merchant_api.app import create_app
from merchant_api.core import settings
from merchant_api.core.db import db, in_transaction
from tests.fakes.push_receiver import PushReceiver

DATABASE = "push"
RATE = 20
SECONDS, QUICK_SECONDS = 15, 3
WARM_UP = 40
P50_S, P99_S = 0.3, 1.5
SENDERS = 16
OWNER = world.customer_id(world.CUSTOMERS)
_wires = threading.local()


def run(where: Stage) -> Iterator[Figure]:
    """Seconds from the instant at which a request was to be placed until its push was taken."""
    seconds = QUICK_SECONDS if where.quick else SECONDS
    where.make_database(DATABASE)
    world.seed(where.dsn(DATABASE))
    with psycopg.connect(where.dsn(DATABASE)) as connection:
        connection.execute(
            "INSERT INTO members (merchant_id, person_id, role, created_at) VALUES (%s, %s, 'owner', now())",
            (world.MERCHANT, OWNER),
        )
    _empty_the_shelves(where)
    with PushReceiver() as receiver, _rung(where, receiver) as port:
        _place_at_rate(port, WARM_UP, time.monotonic())
        receiver.wait_for(WARM_UP, timeout=30)
        due = _place_at_rate(port, RATE * seconds, time.monotonic() + 0.5)
        pushed = receiver.wait_for(WARM_UP + len(due), timeout=30)
    arrived = {each.payload["data"]["order_id"]: each.at for each in pushed}
    waits = [arrived[order] - at for order, at in due.items()]
    yield from _figures(waits, _legs(where, list(due)))


def _legs(where: Stage, orders: list[str]) -> str:
    """Where the time goes, by the instants that the rows carry: until it was fanned out, and until it was sent."""
    with psycopg.connect(where.dsn(DATABASE)) as connection:
        rows = connection.execute(
            "SELECT extract(epoch FROM deliveries.created_at - events.happened_at)::float, "
            "extract(epoch FROM deliveries.ended_at - deliveries.created_at)::float "
            "FROM deliveries JOIN events ON events.merchant_id = deliveries.merchant_id AND events.id = event_id "
            "WHERE event_type = 'order.requested' AND ended_at IS NOT NULL AND deliveries.order_id = ANY(%s::uuid[])",
            (orders,),
        ).fetchall()
    legs = (("to fan-out", [row[0] for row in rows]), ("from there to the end", [row[1] for row in rows]))
    return "; ".join(f"{name} p50 {percentile(leg, 0.5) * 1000:.0f} ms" for name, leg in legs if leg)


def _figures(waits: list[float], legs: str) -> list[Figure]:
    p50, p99 = percentile(waits, 0.5), percentile(waits, 0.99)
    parts = f"{len(waits)} requests at {RATE}/s, one merchant, one device; longest {max(waits):.2f} s; {legs}"
    return [
        Figure("push, p50", f"{p50 * 1000:.0f} ms", parts, f"at most {P50_S * 1000:.0f} ms", p50 <= P50_S),
        Figure("push, p99", f"{p99 * 1000:.0f} ms", parts, f"at most {P99_S * 1000:.0f} ms", p99 <= P99_S),
    ]


def _empty_the_shelves(where: Stage) -> None:
    with psycopg.connect(where.dsn(DATABASE)) as connection:
        connection.execute("UPDATE cells SET on_hand = 0, seq = seq + 1")
        connection.execute(
            "INSERT INTO ledger (merchant_id, id, product_id, location_id, grade_id, seq, on_hand_change, held_change, "
            "used_change, on_hand, held, used, reason, actor, happened_at) SELECT merchant_id, gen_random_uuid(), "
            "product_id, location_id, grade_id, 2, -on_hand, 0, 0, 0, 0, 0, 'correction', actor, now() FROM ledger"
        )


@contextmanager
def _rung(where: Stage, receiver: PushReceiver) -> Iterator[int]:
    """API and jobs that may push to the stand-in, where the owner's browser is registered; gives the API's port."""
    allowed = {"ORDERBELL_PUSH_ALLOWED_HOSTS": receiver.host}
    register(where, DATABASE, receiver, allowed)
    with api(where, DATABASE, **allowed) as served, jobs(where, DATABASE, **allowed):
        yield served.port


def register(where: Stage, database: str, receiver: PushReceiver, allowed: dict[str, str]) -> None:
    """The owner's browser, at the stand-in."""
    app = create_app(settings.load(where.environment(database, **allowed)))
    with app.app_context():
        browser = receiver.subscribe(in_transaction(web_keys.public_key))
        target = Target(DeviceKind.WEB_PUSH, browser.endpoint, browser.p256dh, browser.auth)
        in_transaction(lambda: devices.register(UUID(OWNER), "browser", target))
        db.session.remove()
        db.engine.dispose()


def _place_at_rate(port: int, number: int, begins: float) -> dict[str, float]:
    """Place so many requests; gives the instant at which each was due, by the order's id."""

    def place(which: int) -> tuple[str, float]:
        due = begins + which / RATE
        time.sleep(max(0.0, due - time.monotonic()))
        return _placed(port, which), due

    with ThreadPoolExecutor(SENDERS) as senders:
        return dict(senders.map(place, range(number)))


def _placed(port: int, which: int) -> str:
    wire = getattr(_wires, "wire", None)
    if wire is None:
        wire = _wires.wire = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line = {"product_id": world.product_id(1 + which % world.PRODUCTS), "quantity": 1}
    headers = {
        "Authorization": f"Bearer {world.token_of(1 + which % (world.CUSTOMERS - 1))}",
        "Content-Type": "application/json",
    }
    wire.request("POST", f"/v1/merchants/{world.MERCHANT}/orders", json.dumps({"lines": [line]}), headers)
    reply = wire.getresponse()
    order = json.loads(reply.read())
    if reply.status != 201 or order["state"] != "requested":
        raise RuntimeError(f"no request was placed: {reply.status} {order}")
    return str(order["id"])
