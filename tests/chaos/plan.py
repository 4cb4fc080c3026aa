"""How much is ordered and what breaks meanwhile: a pure plan, drawn from one seed.

The hot products are asked for more often than they have units. Beside them go requests that somebody answers, and
orders that are called off. Faults come between the orders, each in the middle of a batch of them.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an errand orders."""

    HOT = "hot"  # refused when the last unit is sold
    REQUEST = "request"  # of nothing in stock: the merchant is asked
    PLENTY = "plenty"  # confirmed, and called off


class Answer(StrEnum):
    """What is done with an order after it was placed."""

    ACCEPT = "accept"
    PAID = "paid"  # accepted, and paid
    DECLINE = "decline"
    CANCEL = "cancel"
    NONE = "none"


class Again(StrEnum):
    """Whether a key is used twice on purpose."""

    NO = "no"
    LATER = "later"  # after it was answered
    AT_ONCE = "at once"  # over a second connection, before either is answered


class Victim(StrEnum):
    """A process that is killed or frozen."""

    WORKER = "a worker of the API"
    API = "the API's main process"
    JOBS = "the jobs that `up` started"
    MORE_JOBS = "the second job process"


class Harm(StrEnum):
    """What is done to it."""

    KILL = "kill -9"
    STOP_DATABASE = "PostgreSQL stopped at once"
    FREEZE = "frozen"
    FILL_LOGS = "the log volume fills"


@dataclass(frozen=True, slots=True)
class Fault:
    """One harm; `at` says how much of its batch of orders is done by then, from 0 to 1."""

    harm: Harm
    victim: Victim | None
    at: float


@dataclass(frozen=True, slots=True)
class Errand:
    """One order that a client has to get placed, and what follows; `customer` is one who signs in, if any."""

    number: int
    kind: Kind
    merchant: int
    product: int
    then: Answer
    again: Again
    customer: int | None

    @property
    def key(self) -> str:
        """Its idempotency key, which its order carries as a note."""
        return f"errand-{self.number}"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a run is; kills are of a worker, the API, the jobs of `up`, the second job process."""

    hot_attempts: int
    hot_units: int  # of each hot product
    requests: int
    plenty: int
    kills: tuple[int, int, int, int]
    database_stops: int
    freezes: tuple[Victim, ...]

    @property
    def errands(self) -> int:
        """All orders that are asked for."""
        return self.hot_attempts + self.requests + self.plenty


WHOLE = Size(10_000, 200, 800, 400, (12, 4, 6, 8), 3, (Victim.MORE_JOBS,))
SHORT = Size(1_200, 24, 120, 60, (2, 1, 1, 2), 1, (Victim.MORE_JOBS,))
CLIENTS = 64
MERCHANTS, HOT_PRODUCTS = 4, 20  # the products are shared out among the merchants
CUSTOMERS = 16  # who sign in themselves, and have a phone
REPEATED = 0.05
FROZEN_FOR = 4  # faults that come meanwhile
ANSWERS = (Answer.ACCEPT, Answer.PAID, Answer.PAID, Answer.DECLINE, Answer.CANCEL, Answer.NONE)


def errands(size: Size, seed: int) -> list[Errand]:
    """All errands, in the order in which clients take them."""
    chance = random.Random(f"errands {seed}")
    kinds = [Kind.HOT] * size.hot_attempts + [Kind.REQUEST] * size.requests + [Kind.PLENTY] * size.plenty
    products = [n % HOT_PRODUCTS for n in range(size.hot_attempts)] + [
        n % MERCHANTS for n in range(size.requests + size.plenty)
    ]
    drawn = list(zip(kinds, products, strict=True))
    chance.shuffle(drawn)
    return [_errand(number, kind, product, chance) for number, (kind, product) in enumerate(drawn)]


def _errand(number: int, kind: Kind, product: int, chance: random.Random) -> Errand:
    then = {Kind.HOT: Answer.NONE, Kind.PLENTY: Answer.CANCEL}.get(kind) or chance.choice(ANSWERS)
    again = chance.choice((Again.LATER, Again.AT_ONCE)) if chance.random() < REPEATED else Again.NO
    customer = chance.randrange(CUSTOMERS) if chance.random() < 0.25 else None
    return Errand(number, kind, product % MERCHANTS, product, then, again, customer)


def faults(size: Size, seed: int) -> Sequence[Fault]:
    """All faults, in the order in which they come."""
    chance = random.Random(f"faults {seed}")
    victims = zip(Victim, size.kills, strict=True)
    harms: list[tuple[Harm, Victim | None]] = [(Harm.KILL, each) for each, times in victims for _ in range(times)]
    harms += [(Harm.STOP_DATABASE, None)] * size.database_stops
    harms += [(Harm.FREEZE, victim) for victim in size.freezes]
    chance.shuffle(harms)
    while _strikes_what_is_frozen(harms):
        chance.shuffle(harms)
    harms.insert(len(harms) // 2, (Harm.FILL_LOGS, None))  # of what goes on long enough to fill them
    return [Fault(harm, victim, chance.uniform(0.1, 0.8)) for harm, victim in harms]


def _strikes_what_is_frozen(harms: Sequence[tuple[Harm, Victim | None]]) -> bool:
    """Whether one that may still be frozen would be struck again, which would have to wait."""
    frozen = [(number, victim) for number, (harm, victim) in enumerate(harms) if harm is Harm.FREEZE]
    return any((Harm.KILL, victim) in harms[number : number + FROZEN_FOR] for number, victim in frozen)
