"""Sessions, orders and the shelf against a plain model: 25 stories of 30 steps, ten times as many in the long run."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.sessions.machine import Sessions
from tests.machine.sessions.trading import told
from tests.machine.test_machine import IS_LONG, STORIES

LEAST = {  # far below what a run meets, for a machine that only meets refusals proves nothing
    ("order", "ok"): 50,
    ("pick_up", "ok"): 10,
    ("settle", "some"): 20,
    ("receive", "ok"): 25,
    ("count", "ok"): 30,
    ("withdraw", "ok"): 1,
    ("promote partial", "ok"): 5,
    ("promote full", "ok"): 4,
    ("cells", "right"): 15,
    ("cells", "right, sold on the shelf"): 2,
}


def test_a_promotion_leaves_on_the_books_what_lies_on_the_shelf(fresh, record_property):
    told.clear()

    run_state_machine_as_test(Sessions, settings=settings(STORIES, max_examples=250 if IS_LONG else 25))

    met = {": ".join(what): number for what, number in sorted(told.items())}
    record_property("what the steps met", met)
    print("\n".join(f"{number:6} {what}" for what, number in met.items()))
    assert {what: told[what] for what, least in LEAST.items() if told[what] < least} == {}
