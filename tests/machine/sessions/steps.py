"""Which steps there are, how often each is tried, and with what."""

from hypothesis import strategies as st

from tests.machine.sessions.things import PLACES, Goods

GOODS = {"mug": Goods("backorder", by_courier=True), "pin": Goods("refuse", by_courier=False)}

FIRST = PLACES[0]
AWAY = [(FIRST, place) for place in PLACES[1:]] * 2 + [(place, FIRST) for place in PLACES[1:]] + [(FIRST, FIRST)]

names = st.sampled_from(["mug", "mug", "pin"])
places = st.sampled_from([FIRST] * 5 + PLACES)
keys = st.tuples(names, places)
which = st.integers(0, 5)  # counted from the newest one that the step fits
few = st.integers(1, 3)
either = st.sampled_from
lines = st.tuples(names, few, either([None] * 6 + ["default", "cellar"]), either([None] * 6 + ["worn"]))

GIVEN = {
    "order": {
        "wanted": st.lists(lines, min_size=1, max_size=2),
        "is_paid_later": either([False, False, False, True]),
        "is_settled": st.booleans(),
    },
    "sale": {
        "name": names,
        "units": few,
        "is_settled": st.booleans(),
        "then": either(["stays", "stays", "leaves", "fails"]),
    },
    "pay": {"number": which},
    "pick_up": {"number": which},
    "deliver": {"number": which},
    "hand_over": {"number": which},
    "fail": {"number": which},
    "cancel": {"number": which, "restock": either([True, True, False])},
    "allocate": {"number": which, "line": st.integers(0, 1), "place": st.sampled_from(PLACES)},
    "settle": {},
    "receive": {"key": keys, "units": st.integers(1, 6)},
    "lose": {"key": keys, "units": few},
    "correct": {"key": keys, "total": st.integers(0, 12)},
    "stray": {"key": keys, "units": either([-99, -2, -1, 1, 3])},
    "transfer": {"name": names, "way": either(AWAY), "units": few},
    "count": {
        "key": keys,
        "missed": either([0] * 10 + [-1, 2]),
        "moved": either([None, None, "ignore"]),
        "by_adjusting": either([False, False, False, True]),
        "before": either([None, None, "stays", "leaves", "strays"]),
        "after": either([None, "sale", "receive", "cancel", "fail", "settle"]),
    },
    "change": {"key": keys, "units": either([-2, -1, 1, 2])},
    "withdraw": {"number": which, "twice": st.booleans()},
    "promote": {
        "keys": st.lists(keys, max_size=1),
        "scope": either(["partial", "full"]),
        "moved": either([None] * 5 + ["ignore"]),
        "look": either(["seen"] * 10 + ["missing", "stale"]),
    },
}
HOW_OFTEN = {
    "order": 5,
    "sale": 14,
    "pay": 4,
    "pick_up": 5,
    "deliver": 2,
    "hand_over": 4,
    "fail": 2,
    "cancel": 6,
    "allocate": 4,
    "settle": 4,
    "receive": 4,
    "lose": 3,
    "correct": 1,
    "stray": 1,
    "transfer": 6,
    "count": 18,
    "change": 4,
    "withdraw": 6,
    "promote": 12,
}
FITS = {
    "pay": lambda order: order.state == "awaiting_payment",
    "pick_up": lambda order: order.state == "confirmed" and order.by_courier,
    "hand_over": lambda order: order.state == "confirmed" and not order.by_courier,
    "deliver": lambda order: order.state == "picked_up",
    "fail": lambda order: order.state == "picked_up",
    "cancel": lambda order: order.state in ("awaiting_payment", "confirmed"),
    "allocate": lambda order: any(held.state == "open" and not held.has_left for held in order.holds),
}
STEPS = st.sampled_from([verb for verb in GIVEN for _ in range(HOW_OFTEN[verb])]).flatmap(
    lambda verb: st.tuples(st.just(verb), st.fixed_dictionaries(GIVEN[verb]))
)


def fitting(step, orders):
    """The places of the orders that a step fits, or of all where it fits none of those that were not paid yet."""
    return [at for at, order in enumerate(orders) if FITS[step](order)]
