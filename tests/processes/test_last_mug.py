"""Three buyers of the last mug over real HTTP at once: the production server, several processes with threads."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import requests
from flask import Flask

from merchant_api.app import create_app
from merchant_api.catalog.models import Product, WhenShort
from merchant_api.core.db import db
from tests.conftest import settings_for
from tests.make.people import make_customer, make_merchant
from tests.make.registrations import make_class
from tests.make.snapshot import check_books
from tests.make.stock import balances, make_product
from tests.make.tokens import bearer, make_token
from tests.processes.start import environment_of, serving

pytestmark = pytest.mark.xdist_group("processes")
ROUNDS, BUYERS = 6, 3


@pytest.fixture(scope="module")
def server(
    clone: Callable[[], str], drop: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Flask]]:
    """The address of an API of two processes, and an app on its database, for what the tests make."""
    folder, url = tmp_path_factory.mktemp("served"), clone()
    more = {"DATABASE_URL": url, "ORDERBELL_WORKERS": "2", "ORDERBELL_THREADS": "4"}
    environment = environment_of(folder, ORDERBELL_SECRET_KEYS="k" * 40, **more)
    app = create_app(settings_for(url, folder))
    with serving(environment, folder / "said") as address:
        yield address, app
    with app.app_context():
        db.engine.dispose()
    drop(url)


@pytest.fixture
def served(server: tuple[str, Flask]) -> Iterator[str]:
    """The address; what the test makes goes into the API's database."""
    address, app = server
    with app.app_context():
        yield address
        db.session.remove()


def together(calls: Sequence[Callable[[], requests.Response]]) -> list[requests.Response]:
    """The replies to calls that begin at the same moment, each on a connection of its own."""
    barrier = Barrier(len(calls))

    def begin(call: Callable[[], requests.Response]) -> requests.Response:
        barrier.wait(20)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(begin, calls))


def buys(url: str, product: Product, headers: dict[str, str], **line: Any) -> Callable[[], requests.Response]:
    body = {"lines": [{"product_id": str(product.id), "quantity": 1, **line}]}
    path = f"{url}/v1/merchants/{product.merchant_id}/orders"
    return lambda: requests.post(path, json=body, headers=headers, timeout=20)


@pytest.mark.parametrize(
    ("when_short", "other"), [(WhenShort.ASK, "requested"), (WhenShort.REFUSE, "insufficient_stock")]
)
def test_one_is_confirmed_and_two_get_a_clear_answer(served: str, when_short: WhenShort, other: str):
    merchant = make_merchant()
    buyers = [bearer(make_token(make_customer(merchant))) for _ in range(BUYERS)]

    for _ in range(ROUNDS):
        mug = make_product(merchant, on_hand=1, when_short=when_short)

        replies = together([buys(served, mug, headers) for headers in buyers])

        told = Counter(reply.json()["state" if reply.status_code == 201 else "code"] for reply in replies)
        assert told == {"confirmed": 1, other: BUYERS - 1}
        refused = [reply.json()["lines"][0] for reply in replies if reply.status_code == 409]
        assert {(line["wanted"], line["available"]) for line in refused} <= {(1, 0)}
        assert balances(mug) == (1, 1, 0)
    check_books(merchant.id)


def test_twelve_seats_are_never_thirteen(served: str):
    merchant = make_merchant()
    seats = make_class(merchant)
    people = [bearer(make_token(make_customer(merchant))) for _ in range(10)]
    wishes = [{"quantity": 2, "guests": ["Maya"]}, {}, {"quantity": 3, "guests": ["Maya", "Nima"]}]
    calls = [buys(served, seats, headers, **wishes[n % 3]) for n, headers in enumerate(people)]

    replies = together([*calls, *calls])

    told = Counter(reply.json()["state" if reply.status_code == 201 else "code"] for reply in replies)
    assert set(told) <= {"confirmed", "already_registered", "insufficient_stock"}
    sold = sum(reply.json()["lines"][0]["held"] for reply in replies if reply.status_code == 201)
    assert 10 <= sold <= 12
    assert balances(seats) == (12, sold, 0)
    check_books(merchant.id)
