"""A row that cannot even be packed stands alone: the others of its turn set out, and it is counted."""

import threading
from collections import Counter

from jobs.sending.carrier import Carrier
from jobs.sending.lanes import Lanes
from merchant_api.core.db import session
from merchant_api.outbox.models import Event, EventState
from notifications.outcome import Sent
from tests.jobs.test_carrier import Crates
from tests.make.outbox import make_event
from tests.make.people import make_merchant
from tests.make.turns import turn_until


class OneOfThemBreaks(Crates):
    """Whoever packs the poison, alone or with others, is told so by an error."""

    poison = None

    def pack(self, leased):
        if any(each.id == self.poison for each in leased):
            raise ValueError(self.poison)
        return super().pack(leased)


def test_a_row_that_cannot_be_packed_holds_up_no_other_and_counts_its_attempt(fresh):
    events = [make_event(make_merchant().id) for _ in range(5)]
    cargo = OneOfThemBreaks(lambda: Sent("taken"))
    cargo.poison = events[2].id
    carrier = Carrier(cargo, Lanes({"merchant": 2}, 8), wake=threading.Event())

    turn_until(carrier, lambda: len(cargo.settled_with) == 4)

    found = [session().get(Event, (each.merchant_id, each.id), populate_existing=True) for each in events]
    assert Counter(each.state for each in found) == {EventState.DONE: 4, EventState.PENDING: 1}
    assert (found[2].attempts, found[2].state) == (1, EventState.PENDING)
    session().rollback()
    assert carrier.drain(5)
