"""The preview over HTTP: what a close would do, before anyone presses the button."""

import pytest

from merchant_api.core import clock
from tests.http.sessions.calls import counted
from tests.make.holds import make_hold
from tests.make.sessions import settled
from tests.make.stock import make_product


def test_the_preview_shows_the_sum_of_every_cell(ask, merchant, staged):
    product = make_product(merchant, on_hand=10)
    settled(make_hold(product, 3, settle_at=clock.now()))
    make_hold(product, 2)
    counted(ask, product, 9)
    settled(make_hold(product, 1, settle_at=clock.now()))

    seen = ask("GET", "/staged/preview").json

    cell = seen["items"][0]
    assert [cell[name] for name in ("counted", "unpicked", "moved", "on_hand", "on_hand_after")] == [9, 3, -1, 6, 5]
    assert (cell["held"], cell["available_after"], cell["is_conflict"]) == (2, 3, False)
    assert cell["why"] == "9 counted, 3 of them sold and waiting for pickup, 1 went out since"
    assert seen["totals"] == {
        "counted": 1,
        "changed": 1,
        "zeroed": 0,
        "held": 2,
        "unpicked": 3,
        "conflicts": 0,
        "modes": 0,
    }


def test_the_preview_tells_what_would_be_left_out(ask, merchant, staged):
    product = make_product(merchant, on_hand=10)
    counted(ask, product, 10)
    settled(make_hold(product, 2, settle_at=clock.now()))

    left, taken = (ask("GET", f"/staged/preview{rest}").json["items"][0] for rest in ("?moved=ignore", ""))

    figures = ("moved", "left_out", "on_hand_after")
    assert [[cell[name] for name in figures] for cell in (left, taken)] == [[0, -2, 10], [-2, None, 8]]
    assert left["why"] == "10 counted, what moved since is left out (2 went out)"


def test_the_preview_names_conflicts_zeroed_cells_and_changed_modes(ask, merchant, staged):
    promised, forgotten, found = (make_product(merchant, on_hand=units) for units in (5, 4, 0))
    make_hold(promised, 3)
    counted(ask, promised, 2)
    counted(ask, found, 6)

    seen = ask("GET", "/staged/preview?scope=full").json

    by_sku = {row["sku"]: row for row in seen["items"]}
    assert by_sku[promised.sku]["is_conflict"]
    assert by_sku[forgotten.sku]["why"] == "not counted: becomes 0"
    assert (seen["totals"]["conflicts"], seen["totals"]["zeroed"], seen["totals"]["modes"]) == (1, 1, 3)
    assert [(row["sku"], row["from"], row["to"]) for row in seen["modes"]] == [
        (promised.sku, "instant", "on_request"),
        (forgotten.sku, "instant", "on_request"),
        (found.sku, "on_request", "instant"),
    ]


@pytest.mark.parametrize("rest", ["", "&moved=ignore", "&scope=full", "&scope=full&moved=ignore"])
def test_what_the_preview_shows_is_what_happens(ask, client, merchant, owner, staged, rest):
    products = [make_product(merchant, on_hand=units) for units in (10, 7, 3, 0)]
    settled(make_hold(products[0], 4, settle_at=clock.now()))
    for product in products[:2]:
        counted(ask, product, 8)
    settled(make_hold(products[1], 2, settle_at=clock.now()))

    seen = ask("GET", f"/staged/preview?{rest}").json
    wish = dict(part.split("=") for part in rest.split("&") if part)
    ask("POST", "/live/close", wish | {"version": seen["version"]})

    for row in seen["items"]:
        live = client.get(f"/v1/merchants/{merchant.id}/availability/{row['product_id']}", headers=owner).json
        assert (live["on_hand"], live["available"]) == (row["on_hand_after"], row["available_after"])


def test_the_preview_comes_in_pages(ask, merchant, staged):
    for _ in range(3):
        counted(ask, make_product(merchant), 1)

    page = ask("GET", "/staged/preview?limit=2").json
    rest = ask("GET", f"/staged/preview?limit=2&cursor={page['next']}").json

    assert [len(page["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    assert page["totals"] == rest["totals"]
