"""Runs and drift over HTTP: begun, watched, stopped and decided by who may, of this merchant alone."""

from uuid import UUID

import pytest

from merchant_api.channels.models import Channel
from merchant_api.core import clock
from merchant_api.core.db import session
from tests.make.channels import make_listing
from tests.make.stock import balances


@pytest.fixture
def primary(seller):
    return seller.connect(is_primary=True).json


@pytest.fixture
def adrift(seller, primary, mug):
    """The shop sells two more than we know of."""
    listing = make_listing(session().get(Channel, (seller.merchant.id, UUID(primary["id"]))), mug, acknowledged=5)
    listing.drift_ours, listing.drift_theirs, listing.drift_since = 5, 7, clock.now()
    session().commit()
    return mug


def at(channel, rest):
    return f"/channels/{channel['id']}/{rest}"


@pytest.mark.parametrize("kind", ["push", "pull", "import"])
def test_a_run_is_begun_watched_and_stopped(seller, primary, kind):
    begun = seller.call("owner", "POST", at(primary, kind), {"apply": True})

    run = begun.json
    shown = seller.call("clerk", "GET", at(primary, f"runs/{run['id']}")).json
    listed = seller.call("clerk", "GET", at(primary, "runs")).json["items"]
    stopped = seller.call("owner", "POST", at(primary, f"runs/{run['id']}/stop")).json
    again = seller.call("owner", "POST", at(primary, f"runs/{run['id']}/stop"))

    assert (begun.status_code, run["kind"], run["state"], run["apply"]) == (202, kind, "running", True)
    assert (shown, listed) == (run, [run])
    assert (stopped["state"], again.status_code, again.json["code"]) == ("stopped", 409, "run_over")


def test_without_a_body_nothing_is_applied_but_a_push_sends(seller, primary):
    pulled = seller.call("owner", "POST", at(primary, "pull")).json
    seller.call("owner", "POST", at(primary, f"runs/{pulled['id']}/stop"))

    assert (pulled["apply"], seller.call("owner", "POST", at(primary, "push")).json["apply"]) == (False, True)


def test_one_run_goes_at_a_time_and_only_the_primary_gives_products(seller, primary):
    other = seller.connect(name="Other").json
    seller.call("owner", "POST", at(primary, "pull"))

    second = seller.call("owner", "POST", at(primary, "import"))
    of_other = seller.call("owner", "POST", at(other, "import"))

    assert (second.status_code, second.json["code"]) == (409, "run_running")
    assert (of_other.status_code, of_other.json["code"]) == (409, "not_primary")


@pytest.mark.parametrize(
    ("method", "rest"), [("POST", "push"), ("POST", "pull"), ("POST", "import"), ("GET", "runs"), ("GET", "drift")]
)
def test_a_channel_that_is_not_there_is_404(seller, method, rest):
    assert seller.call("owner", method, f"/channels/0190b6a1-0000-7000-8000-000000000001/{rest}").status_code == 404


def test_drift_is_listed_with_both_figures_and_decided(seller, primary, adrift, mug):
    (shown,) = seller.call("clerk", "GET", at(primary, "drift")).json["items"]
    decided = seller.call("owner", "POST", at(primary, f"drift/{mug.id}"), {"take": "theirs"})
    again = seller.call("owner", "POST", at(primary, f"drift/{mug.id}"), {"take": "theirs"})

    assert (shown["sku"], shown["ours"], shown["theirs"]) == (mug.sku, 5, 7)
    assert (decided.status_code, balances(mug)[0]) == (204, 9)
    assert (again.status_code, again.json["code"]) == (409, "no_drift")


@pytest.mark.parametrize(
    "body",
    [{}, {"take": "mine"}, {"take": "count"}, {"take": "ours", "quantity": 3}, {"take": "count", "quantity": -1}],
)
def test_a_decision_that_is_none_is_refused(seller, primary, adrift, mug, body):
    refused = seller.call("owner", "POST", at(primary, f"drift/{mug.id}"), body)

    assert (refused.status_code, balances(mug)[0]) == (422, 7)
