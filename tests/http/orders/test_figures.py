"""What Prometheus is told of orders: their routes, their steps, how long merchants take, and what waits."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from merchant_api.core import clock
from tests.http.orders.conftest import Shop
from tests.make.stock import make_product


@pytest.fixture
def figures(shop: Shop):
    """All figures as they are now: the value of a sample by its name and labels."""

    def read():
        text = shop.client.get("/metrics").get_data(as_text=True)
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return {(sample.name, *sorted(sample.labels.values())): sample.value for sample in samples}

    return read


def grown(before, after):
    """The counters that went up, and by how much."""
    return {
        name: value - before.get(name, 0)
        for name, value in after.items()
        if name[0].startswith(("orderbell_orders", "orderbell_answer")) and name[0].endswith(("_total", "_count"))
        if value != before.get(name, 0)
    }


def test_orders_are_counted_by_their_route_and_by_every_step(shop, figures):
    before = figures()

    shop.order("customer", make_product(shop.merchant, on_hand=5))
    request = shop.order("customer", make_product(shop.merchant, on_hand=0)).json["id"]
    shop.call("owner", "POST", f"/orders/{request}/accept", {})
    shop.call("owner", "POST", f"/orders/{request}/cancel", {"reason": "no"})

    assert grown(before, figures()) == {
        ("orderbell_orders_placed_total", "instant"): 1,
        ("orderbell_orders_placed_total", "on_request"): 1,
        ("orderbell_orders_moved_total", "accept", "awaiting_payment"): 1,
        ("orderbell_orders_moved_total", "cancel", "cancelled"): 1,
        ("orderbell_answer_seconds_count",): 1,
    }


def test_a_refused_call_is_timed_as_well(shop, figures):
    timed = ("orderbell_request_seconds_count", "orders.place_order")
    before = figures().get(timed, 0)

    assert shop.call("customer", "POST", "/orders", {"lines": []}).status_code == 422

    assert figures()[timed] == before + 1


def test_what_waits_is_counted_and_grows_old(shop, figures):
    shop.order("customer", make_product(shop.merchant, on_hand=0))

    with clock.clock.pinned(clock.now() + timedelta(minutes=2)):
        later = figures()

    assert later["orderbell_queue_pending", "events"] == 1
    assert later["orderbell_queue_age_seconds", "events"] == pytest.approx(120, abs=10)
