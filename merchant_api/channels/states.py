"""Words of channels: their kinds, where one stands, and the states of what goes out and comes in."""

from enum import StrEnum


class ChannelKind(StrEnum):
    """What kind of web shop a channel is; each has a folder in `kinds/`."""

    WOOCOMMERCE = "woocommerce"
    SHOPIFY = "shopify"
    VENDURE = "vendure"
    MEDUSA = "medusa"
    WEBHOOK = "webhook"


class ChannelState(StrEnum):
    """Where a channel stands; `off` is one that is not synchronised, and is told, not kept."""

    NEW = "new"  # was never reached
    READY = "ready"
    FAILING = "failing"  # left alone until `retry_at`, then tried with one record


class ListingFault(StrEnum):
    """What is wrong with a listing, so that its level is not in step until somebody does something."""

    GONE = "gone"  # the shop does not have the item any more
    REFUSED = "refused"  # the shop refuses what we send
    IGNORED = "ignored"  # the shop takes it and changes nothing: it does not count stock of the item


class ListingState(StrEnum):
    """Where a listing stands, as it is shown: by its switch, its fault and what waits for it; it is not kept."""

    IN_STEP = "in_step"
    WAITING = "waiting"
    FAILING = "failing"  # the shop refuses it, or the last try went wrong
    HELD = "held"
    SKIPPED = "skipped"  # by hand, and the shop sells another level since
    PAUSED = "paused"  # or the product is not tracked: nothing is sent
    GONE = "gone"
    DRIFT = "drift"


class LevelState(StrEnum):
    """Where a record of the web stack stands; `pending` is leased while `lease_token` is set."""

    PENDING = "pending"
    HELD = "held"  # by hand, until it is retried or skipped by hand
    DONE = "done"  # the shop acknowledged it
    SKIPPED = "skipped"  # by hand


class SaleState(StrEnum):
    """What became of a channel's order."""

    TAKEN = "taken"
    PARKED = "parked"  # something is wrong with it, and somebody has to say how it goes on
    IGNORED = "ignored"  # by hand, with a reason


class RunKind(StrEnum):
    """Work with a channel that somebody asked for and may watch."""

    PUSH = "push"
    PULL = "pull"
    IMPORT = "import"


class RunState(StrEnum):
    """Where a run stands; `pending` is `running` in replies."""

    PENDING = "pending"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class RoundKind(StrEnum):
    """What is done with each channel again and again."""

    POLL = "poll"  # orders that are new or changed
    LOOK = "look"  # levels as the shop has them, for drift


class DriftTake(StrEnum):
    """Whose figure holds where a channel's level is neither ours nor explained."""

    ASK = "ask"
    OURS = "ours"
    THEIRS = "theirs"
