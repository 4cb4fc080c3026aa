"""Orders of all channels are read, several shops at once: what events told of, what is new or changed, what is open.

Each round is one shop's, leased to one process, which renews the lease while it is at it: so a killed one's round is
taken up by another when the lease ends, and a shop that is slow keeps nobody but itself.
"""

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial

from flask import current_app
from flask.ctx import AppContext

from jobs.channels.poll_round import LEASE_S, poll
from jobs.sweep import Tally, guarded
from merchant_api.channels import rounds
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.states import RoundKind
from merchant_api.core import clock
from merchant_api.core.db import in_transaction
from merchant_api.core.tenancy import ACROSS

NAME = "channel_polls"
AT_ONCE = 8
MOST_MERCHANTS = 200
LONGEST_RUN_S = 50.0
LOOK_AGAIN_S = 0.5


def run(*, lease_s: float = LEASE_S) -> Tally:
    """Every round that is due, or becomes due within 50 s of the beginning while others are on their way."""
    tally, until = Tally(), time.monotonic() + LONGEST_RUN_S
    running: set[Future[bool]] = set()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="poll") as pool:
        while True:
            if len(running) < AT_ONCE and time.monotonic() < until:
                leased = in_transaction(partial(_take, lease_s, AT_ONCE - len(running)), ACROSS)
                running |= {pool.submit(_polled, current_app.app_context(), row, lease_s) for row in leased}
            if not running:
                return tally
            done, running = wait(running, LOOK_AGAIN_S, FIRST_COMPLETED)
            good = sum(each.result() for each in done)
            tally += Tally(done=good, bad=len(done) - good)


def _take(lease_s: float, room: int) -> list[ChannelRound]:
    at = clock.now()
    return rounds.take(rounds.DUE.merchants(at, MOST_MERCHANTS), RoundKind.POLL, at, lease_s, room)


def _polled(context: AppContext, row: ChannelRound, lease_s: float) -> bool:
    """One round on its own thread and connection; what goes wrong is logged, and the lease runs out."""
    with context:
        return bool(guarded(NAME, partial(poll, row, lease_s)))
