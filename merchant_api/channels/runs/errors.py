"""What work with a channel is refused for."""

from merchant_api.core.errors import Conflict


class RunRunning(Conflict):
    """Something runs with this channel already: watch it, or stop it first."""

    code = "run_running"


class NotPrimary(Conflict):
    """Only the primary channel gives products and opening stock."""

    code = "not_primary"


class NothingToRead(Conflict):
    """Shops of this kind do not tell this."""

    code = "not_of_this_kind"


class NotSynchronised(Conflict):
    """What a shop changed itself is known only while its orders are read: switch the channel on first."""

    code = "not_synchronised"


class RunOver(Conflict):
    """This run has ended already."""

    code = "run_over"


class NoDrift(Conflict):
    """This listing is not adrift any more."""

    code = "no_drift"
