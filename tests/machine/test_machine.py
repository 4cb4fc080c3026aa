"""Orders, money and stock against a plain model: 50 stories of 30 steps, ten times as many in the long run."""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.machine import Orders

IS_LONG = os.environ.get("ORDERBELL_TEST_LONG") == "1"
STORIES = settings(
    max_examples=500 if IS_LONG else 32,
    stateful_step_count=30,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
    print_blob=True,
)


def test_orders_money_and_stock_do_what_the_model_does(fresh):
    run_state_machine_as_test(Orders, settings=STORIES)
