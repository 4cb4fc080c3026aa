"""The port to payment providers: what each kind can do for us. Nothing here knows HTTP of ours or the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from merchant_api.core.endpoint import Incoming
from merchant_api.core.money import Money
from merchant_api.providers.events import Happened, Other
from merchant_api.providers.states import ProviderKind

TOLERANCE_S = 300  # how old, or how far ahead of our clock, a signature may be
REFUNDED_WITHIN_S = 20.0  # the most that `refund` takes, all its calls together


@dataclass(frozen=True, slots=True)
class RefundCall:
    """A refund to be carried out, ready to be sent; secrets in no repr.

    `whole` is the provider's own figure where all of the payment goes back. `key` is the same for every attempt of one
    round, so that the provider carries it out once; `may_be_known` where an earlier attempt may have arrived.
    """

    kind: ProviderKind
    refund_id: UUID
    key: str
    payment_reference: str
    amount: Money
    whole: int | None
    may_be_known: bool
    known_reference: str | None
    api_key: str = field(repr=False)
    api_base: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The money is on its way to the customer, and the provider vouches for it."""

    reference: str


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """The provider has taken it up, and tells later what came of it."""

    reference: str


@dataclass(frozen=True, slots=True)
class RefundLater:
    """It is not known what came of it, or the provider asks for patience: the same call again."""

    why: str
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class RefundRefused:
    """It will not happen; `reference` is the provider's name of a refund that it took up and that failed."""

    why: str
    reference: str | None = None


Outcome = Done | OnItsWay | RefundLater | RefundRefused


class Provider(Protocol):
    """One kind of provider."""

    can_refund: bool
    """Whether `refund` may be called, given an API key."""

    events: Sequence[str]
    """Which types of events it is to send us."""

    def check_secret(self, secret: str) -> None:
        """Raise ValueError for what can be no signing secret of this kind."""

    def verify(self, incoming: Incoming, secrets: Sequence[str], now: datetime) -> Happened | Other:
        """What a request says, if one of the secrets signed its bytes within five minutes of `now`.

        Raises BadSignature, else WrongMedia, Malformed or Invalid for what was signed and can't be read.
        """

    def refund(self, call: RefundCall) -> Outcome:
        """Carry a refund out over the network; never in a transaction."""
