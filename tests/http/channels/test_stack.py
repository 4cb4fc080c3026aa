"""The web stack over HTTP: each record with the shop's last answer, and retry, hold and skip by hand."""

from datetime import timedelta
from uuid import UUID

import pytest

from merchant_api.channels.states import LevelState
from merchant_api.core import clock
from tests.http.orders.conftest import Shop
from tests.make.channels import make_channel, make_level, make_listing, stack_of
from tests.make.stock import make_product


@pytest.fixture
def shop(client):
    return Shop(client)


@pytest.fixture
def channel(shop):
    return make_channel(shop.merchant)


def waiting(shop, channel, level=5, **columns):
    product = make_product(shop.merchant, level)
    return make_level(make_listing(channel, product), level, **columns)


def ask(shop, channel, path="", method="GET", role="clerk"):
    return shop.call(role, method, f"/channels/{channel.id}/stack{path}")


def test_a_record_is_shown_with_the_last_answer_and_the_next_try(shop, channel):
    tried = {"attempts": 2, "text": "no", "status": 500, "tried_at": clock.now()}
    record = waiting(shop, channel, **tried, due_at=clock.now() + timedelta(minutes=1))

    (item,) = ask(shop, channel).json["items"]

    assert (item["id"], item["level"], item["attempts"], item["state"]) == (str(record.id), 5, 2, "failing")
    assert (item["last_response"]["status"], item["last_response"]["text"]) == (500, "no")
    assert item["next_try_at"] is not None


UNKNOWN = UUID(int=1)
STATES = {
    "waiting": {},
    "sending": {"lease_token": UUID(int=2), "due_at": clock.now() + timedelta(days=1)},
    "failing": {"tried_at": clock.now()},
    "held": {"state": LevelState.HELD},
    "done": {"state": LevelState.DONE, "ended_at": clock.now()},
    "skipped": {"state": LevelState.SKIPPED, "ended_at": clock.now()},
}


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_shown_and_found(shop, channel, state):
    found = {name: str(waiting(shop, channel, **columns).id) for name, columns in STATES.items()}

    items = ask(shop, channel, f"?state={state}").json["items"]

    assert [(each["id"], each["state"]) for each in items] == [(found[state], state)]


def test_the_lag_is_of_what_waits_longest_and_p99_of_what_arrived(shop, channel):
    now = clock.now()
    waiting(shop, channel, since=now - timedelta(seconds=30))
    waiting(shop, channel, state=LevelState.DONE, since=now - timedelta(seconds=12), ended_at=now)

    shown = ask(shop, channel).json

    assert (30 <= shown["lag_s"] < 60, shown["p99_s"]) == (True, 12.0)


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [("retry", LevelState.HELD, "waiting"), ("hold", LevelState.PENDING, "held"), ("skip", LevelState.HELD, "skipped")],
)
@pytest.mark.parametrize("path", ["/{id}/{act}", "/{act}"])
def test_one_and_all_are_retried_held_and_skipped(shop, channel, act, before, after, path):
    record = waiting(shop, channel, state=before, due_at=clock.now() + timedelta(hours=1))

    answer = ask(shop, channel, path.format(id=record.id, act=act), "POST")

    (item,) = ask(shop, channel).json["items"]
    assert (answer.status_code, item["state"]) == (200, after)
    assert act != "retry" or stack_of(shop.merchant.id)[0].due_at <= clock.now()


def test_what_is_on_its_way_is_not_skipped(shop, channel):
    record = waiting(shop, channel, **STATES["sending"])

    one, every = ask(shop, channel, f"/{record.id}/skip", "POST"), ask(shop, channel, "/skip", "POST")

    assert (one.status_code, one.json["code"], every.json) == (409, "level_on_its_way", {"records": 0})


def test_what_has_ended_is_not_acted_on_again(shop, channel):
    record = waiting(shop, channel, **STATES["done"])

    assert ask(shop, channel, f"/{record.id}/retry", "POST").json["code"] == "level_ended"


@pytest.mark.parametrize(("path", "method"), [("", "GET"), ("/hold", "POST"), (f"/{UNKNOWN}/hold", "POST")])
def test_customers_see_and_do_nothing_and_strangers_records_are_not_there(shop, channel, path, method):
    other = make_channel(Shop(shop.client).merchant)

    assert ask(shop, channel, path, method, role="customer").status_code == 403
    assert ask(shop, other, path, method).status_code == 404
