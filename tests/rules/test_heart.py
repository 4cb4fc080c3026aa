"""A loop that stands still ends its process, whatever holds it up; one that runs is left alone."""

import signal
import subprocess
import sys

import pytest

from tests.house.sources import ROOT

RUNS = """
import asyncio, time
from merchant_api.server import heart
heart.STANDS_STILL_S, heart.BEAT_S = 1, 0.1
loop = asyncio.new_event_loop()
heart.beat(loop)
loop.call_later({after}, {then})
loop.run_forever()
"""


@pytest.mark.parametrize(
    ("after", "then", "ends_with"),
    [(0.2, "time.sleep, 20", -signal.SIGALRM), (2.2, "loop.stop", 0)],
    ids=["stands still", "runs"],
)
def test_who_stands_still_is_ended_and_who_runs_is_not(after: float, then: str, ends_with: int):
    program = RUNS.format(after=after, then=then)

    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=15, check=False)

    assert ended.returncode == ends_with
