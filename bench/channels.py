"""From a change of stock to the shop that sells it, and a backlog of levels: real job processes, shops of their own.

A change is counted from its commit to the instant at which the shop took that very level.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from uuid import UUID

import psycopg

from bench import world
from bench.figures import Figure, percentile
from bench.shop import SECRET, BenchShop, Taken, shop
from bench.stage import Stage, jobs
from merchant_api.app import create_app
from merchant_api.channels.connectors import of
from merchant_api.channels.models import Channel
from merchant_api.channels.sealed import put_credentials
from merchant_api.channels.states import ChannelKind, ChannelState
from merchant_api.core import clock, settings, tenancy
from merchant_api.core.actor import job
from merchant_api.core.db import db, in_transaction, session
from merchant_api.core.ids import new_id
from merchant_api.stock.adjust import Level, set_available

RATE, SHOPS = 50, 3
SECONDS, QUICK_SECONDS = 20, 6
STALE, QUICK_STALE = 20_000, 3_000
ANSWERS_AFTER_S = 0.05
P99_S, BESIDE_A_DEAD_ONE, OF_THE_LIMIT = 1.0, 1.2, 0.9
PATIENCE_S = 120.0
DEAD = "127.0.0.1:9"
MERCHANT = UUID(world.MERCHANT)
_LIST = """
INSERT INTO listings (merchant_id, channel_id, product_id, shop_id, acknowledged, acknowledged_at, created_at)
SELECT merchant_id, %(channel)s, id, sku, %(known)s, now(), now() FROM products WHERE merchant_id = %(merchant)s
"""
_MORE_PRODUCTS = """
WITH made AS (
    INSERT INTO products (merchant_id, id, sku, name, description, kind, status, fulfilment, when_short, is_tracked,
        price, max_quantity, created_at, changed_at)
    SELECT %(merchant)s, ('00000000-0000-7000-8003-' || 100000000000 + n)::uuid, 'BOWL-' || n, 'Bowl ' || n, '',
        'merchandise', 'published', 'courier', 'ask', true, 150000, 0, now(), now()
    FROM generate_series(1, %(count)s) AS n
    RETURNING merchant_id, id
)
INSERT INTO cells (merchant_id, product_id, location_id, grade_id, on_hand, held, used, seq)
SELECT merchant_id, id, %(place)s, %(place)s, 7, 0, 0, 0 FROM made
"""
_WAIT = """
INSERT INTO levels (merchant_id, id, channel_id, product_id, level, version, state, due_at, since, attempts)
SELECT merchant_id, uuidv7(), channel_id, product_id, 7, 1, 'pending', now(), now(), 0 FROM listings
WHERE merchant_id = %(merchant)s AND shop_id LIKE 'BOWL-%%'
"""


def run(where: Stage) -> Iterator[Figure]:
    """Change to received, with all shops and with one of them dead; a backlog, by one process and by three."""
    seconds = QUICK_SECONDS if where.quick else SECONDS
    alone = _changes(where, "channels", seconds, [])
    yield _latency("channels, p99", alone, P99_S)
    beside = _changes(where, "channels_dead", seconds, [DEAD])
    most = BESIDE_A_DEAD_ONE * percentile(alone, 0.99)
    yield _latency("channels, one of three dead", beside, most)
    for processes in (1, 3):
        yield _drained(where, f"channels_{processes}", processes)


def _changes(where: Stage, name: str, seconds: int, dead: list[str]) -> list[float]:
    """Seconds from each change until each shop that lives took it."""
    where.make_database(name)
    world.seed(where.dsn(name))
    with ExitStack() as stack:
        shops = [stack.enter_context(shop()) for _ in range(SHOPS - len(dead))]
        hosts = {"ORDERBELL_SHOP_HOSTS": ",".join([*dead, *(each.host for each in shops)])}
        for address in [*(f"http://{each}" for each in dead), *(each.address for each in shops)]:
            _connect(where, name, address, world.STOCK)
        with jobs(where, name, **hosts):
            changed = _change(where, name, RATE * seconds)
            _until(shops, len(changed))
        taken = [each.taken() for each in shops]
    return [each.at[key] - at for each in taken for key, at in changed.items()]


def _change(where: Stage, name: str, number: int) -> dict[tuple[str, int], float]:
    """Change the stock of one product after another, at the rate; gives the commit of each new level."""
    app = create_app(settings.load(where.environment(name)))
    done: dict[tuple[str, int], float] = {}
    with app.app_context():
        begins = time.monotonic() + 1.0
        for which in range(number):
            product, level = 1 + which % world.PRODUCTS, 1_000 + which
            time.sleep(max(0.0, begins + which / RATE - time.monotonic()))
            in_transaction(partial(_set, world.product_id(product), level), tenancy.of(MERCHANT))
            done[f"MUG-{product}", level] = time.monotonic()
        db.session.remove()
        db.engine.dispose()
    return done


def _set(product_id: str, level: int) -> None:
    set_available(MERCHANT, UUID(product_id), Level(level), job("bench"))


def _drained(where: Stage, name: str, processes: int) -> Figure:
    """Stale listings sent to a shop that answers after a while, against what that shop can take."""
    count = QUICK_STALE if where.quick else STALE
    where.make_database(name)
    world.seed(where.dsn(name))
    with shop(ANSWERS_AFTER_S) as receiver, psycopg.connect(where.dsn(name), autocommit=True) as connection:
        given = {"merchant": world.MERCHANT, "place": world.PLACE, "count": count}
        connection.execute(_MORE_PRODUCTS, given)
        _connect(where, name, receiver.address, 5)
        with ExitStack() as stack:
            for _ in range(processes):
                stack.enter_context(jobs(where, name, ORDERBELL_SHOP_HOSTS=receiver.host))
            connection.execute(_WAIT, given)
            connection.execute(
                "ANALYZE levels, listings, products, cells"
            )  # as the server does by itself within a minute
            begun = time.monotonic()
            _until([receiver], count)
        taken = receiver.taken()
    took = max(taken.at.values()) - begun
    return _rate(taken, count, took, processes)


def _rate(taken: Taken, count: int, took: float, processes: int) -> Figure:
    abilities = of(ChannelKind.WEBHOOK).abilities
    limit = abilities.calls_at_once * abilities.most_set / ANSWERS_AFTER_S
    twice = sum(times - 1 for times in taken.times.values())
    rate = count / took
    parts = f"{count} levels in {taken.calls} calls, {twice} sent twice; {rate:,.0f}/s of {limit:,.0f}/s"
    is_met = rate >= OF_THE_LIMIT * limit and not twice
    name = f"channels, drained by {processes}"
    return Figure(name, f"{rate / limit:.2f}", parts, f"at least {OF_THE_LIMIT:.2f}, none twice", is_met)


def _latency(name: str, waits: list[float], most: float) -> Figure:
    p50, p99 = percentile(waits, 0.5), percentile(waits, 0.99)
    parts = f"{len(waits)} levels at {RATE} changes/s, p50 {p50 * 1000:.0f} ms, longest {max(waits):.2f} s"
    return Figure(name, f"{p99 * 1000:.0f} ms", parts, f"at most {most * 1000:.0f} ms", p99 <= most)


def _connect(where: Stage, name: str, address: str, known: int) -> None:
    """A channel that is reached, with all products listed; the shop is known to sell so many of each."""
    app = create_app(settings.load(where.environment(name)))
    with app.app_context():
        channel_id = in_transaction(lambda: _added(address), tenancy.of(MERCHANT))
        db.session.remove()
        db.engine.dispose()
    with psycopg.connect(where.dsn(name)) as connection:
        connection.execute(_LIST, {"merchant": world.MERCHANT, "channel": channel_id, "known": known})


def _added(address: str) -> UUID:
    at = clock.now()
    channel = Channel(
        merchant_id=MERCHANT,
        id=new_id(),
        kind=ChannelKind.WEBHOOK,
        name=address,
        address=address,
        settings={},
        state=ChannelState.READY,
        created_by=job("bench").stamp(),
        created_at=at,
        changed_at=at,
    )
    put_credentials(channel, {"secret": SECRET})
    session().add(channel)
    session().flush()
    return channel.id


def _until(shops: list[BenchShop], count: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while any(each.count() < count for each in shops):
        if time.monotonic() > until:
            raise RuntimeError(f"not all levels came: {[each.count() for each in shops]} of {count}")
        time.sleep(0.05)  # another process takes what is waited for
