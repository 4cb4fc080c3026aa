"""A lease that is renewed while its holder is at work, and lost by one who stood still for longer than it lasts."""

import time
from datetime import timedelta
from functools import partial

from merchant_api.channels import rounds
from merchant_api.channels.run_models import ChannelRound
from merchant_api.core import clock
from merchant_api.core.db import in_transaction
from merchant_api.core.tenancy import of

RENEWED_AFTER = 0.1  # of its length


class LeaseLost(Exception):
    """Somebody else has the round by now: what is left of it is his."""


class KeptLease:
    """The lease of one round."""

    def __init__(self, row: ChannelRound, lease_s: float) -> None:
        self._row, self._lease_s = row, lease_s
        self._kept_at = time.monotonic()

    def keep(self) -> None:
        """Renew it where some of it has passed; raises LeaseLost."""
        if time.monotonic() - self._kept_at < self._lease_s * RENEWED_AFTER:
            return
        due_at = clock.now() + timedelta(seconds=self._lease_s)
        if not in_transaction(partial(rounds.record, self._row, due_at=due_at), of(self._row.merchant_id)):
            raise LeaseLost
        self._kept_at = time.monotonic()
