"""When a level, or a channel that fails, is tried again: pure decisions, chance passed in. Nothing is ever given up.

Waits double, each drawn between half and the whole of it; a wait that the shop stated is kept. A zero waits for a
minute at the most, as every minute of it may sell what is not there.
"""

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 600.0
LONGEST_WAIT_OF_ZERO_S = 60.0
LONGEST_STATED_S = 3600.0  # what a shop asks for beyond that is a mistake
FAILS_AFTER = 3  # calls in a row
DENIED_WAIT_S = 600.0
SOON_ATTEMPTS = 3  # so often what was overtaken is tried again at once


def wait_s(attempts: int, level: int, chance: float, stated_s: float = 0.0) -> float:
    """Seconds until the next try of a level that was tried so often."""
    longest = LONGEST_WAIT_OF_ZERO_S if level == 0 else LONGEST_WAIT_S
    return max(_doubled(attempts, longest, chance), min(stated_s, LONGEST_STATED_S))


def wait_overtaken_s(attempts: int, level: int, chance: float) -> float:
    """Seconds until the next try where somebody came between: none, unless that happens again and again."""
    return 0.0 if attempts <= SOON_ATTEMPTS else wait_s(attempts - SOON_ATTEMPTS, level, chance)


def rest_s(failures: int, chance: float) -> float:
    """Seconds for which a channel is left alone after so many calls in a row that failed."""
    return _doubled(failures, LONGEST_WAIT_S, chance)


def _doubled(number: int, longest: float, chance: float) -> float:
    return min(longest, FIRST_WAIT_S * 2.0 ** min(max(number, 1) - 1, 20)) * (0.5 + chance / 2)
