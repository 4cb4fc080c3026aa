"""A push sends all levels again, is watched while they wait, and can be stopped."""

import pytest

from merchant_api.accounts.models import Merchant
from merchant_api.channels.runs import start
from merchant_api.channels.states import LevelState, RunKind, RunState
from merchant_api.core import clock
from merchant_api.core.db import session
from tests.make.channels import make_listing, stack_of
from tests.make.stock import make_product
from tests.services.channels.runs.conftest import go_on


@pytest.fixture
def mugs(channel):
    merchant = session().get(Merchant, channel.merchant_id)
    products = [make_product(merchant, on_hand=number) for number in (0, 3)]
    for product, known in zip(products, (0, 5), strict=True):
        make_listing(channel, product, acknowledged=known)
    return products


def sent(records):
    for each in records:
        each.state, each.ended_at = LevelState.DONE, clock.now()
    session().commit()


def test_all_levels_go_also_those_that_the_shop_has_and_it_is_over_when_none_waits(channel, mugs, carried):
    run = carried(RunKind.PUSH)
    records = stack_of(channel.merchant_id)
    assert (run.state, run.done, run.of, sorted(each.level for each in records)) == (RunState.PENDING, 0, 2, [0, 3])

    sent(records[:1])
    run.due_at = run.created_at
    session().commit()
    run = go_on(run)
    assert (run.done, run.state) == (1, RunState.PENDING)

    sent(stack_of(channel.merchant_id))
    run.due_at = run.created_at
    session().commit()
    run = go_on(run)
    assert (run.done, run.state) == (2, RunState.DONE)


def test_stopped_it_leaves_out_what_the_shop_has_and_still_sends_what_differs(channel, mugs, carried):
    run = carried(RunKind.PUSH)

    start.stop(channel.merchant_id, channel.id, run.id)
    session().commit()

    states = {each.level: each.state for each in stack_of(channel.merchant_id)}
    assert states == {0: LevelState.SKIPPED, 3: LevelState.PENDING}


def test_without_listings_it_is_over_at_once(channel, carried):
    assert carried(RunKind.PUSH).state is RunState.DONE
