"""Sessions, orders and the shelf against a plain model: 50 stories of 30 steps, ten times as many in the long run."""

from hypothesis.stateful import run_state_machine_as_test

from tests.machine.sessions.machine import Sessions
from tests.machine.sessions.trading import told
from tests.machine.test_machine import STORIES

LEAST = {  # far below what a run meets, for a machine that only meets refusals proves nothing
    ("order", "ok"): 100,
    ("pick_up", "ok"): 20,
    ("settle", "some"): 40,
    ("receive", "ok"): 50,
    ("count", "ok"): 60,
    ("withdraw", "ok"): 3,
    ("promote partial", "ok"): 10,
    ("promote full", "ok"): 8,
    ("cells", "right"): 30,
    ("cells", "right, sold on the shelf"): 5,
}


def test_a_promotion_leaves_on_the_books_what_lies_on_the_shelf(fresh, record_property):
    told.clear()

    run_state_machine_as_test(Sessions, settings=STORIES)

    met = {": ".join(what): number for what, number in sorted(told.items())}
    record_property("what the steps met", met)
    print("\n".join(f"{number:6} {what}" for what, number in met.items()))
    assert {what: told[what] for what, least in LEAST.items() if told[what] < least} == {}
