"""A public class name means one thing in the whole house: where it is used, nobody sees from which file it came."""

import ast
from collections import defaultdict

from tests.house.sources import sources

# Two things of one name, and why they may have it.
ALLOWED = {
    "Later": "what a payment provider and a sender answer alike: the same call again",
    "Refused": "what a payment provider and a sender answer alike: it will not happen",
}
# To be renamed, name by name; then this list goes (issue 9, 8).
TO_BE_RENAMED = {
    "Allocation", "Answer", "Changes", "Clock", "Detail", "Draft", "EventState", "Facts", "Given",
    "Kind", "Lanes", "LineView", "Locked", "MoneyIn", "Move", "Placed", "Registration", "Report", "Seen", "Shown",
    "Standing", "Target", "Told", "Totals", "Waiting", "Wanted", "Why", "Wish",
}  # fmt: skip


def test_a_public_class_name_means_one_thing():
    assert {name: where for name, where in _repeated().items() if name not in ALLOWED.keys() | TO_BE_RENAMED} == {}


def test_what_is_allowed_is_there():
    assert set(ALLOWED) <= set(_repeated())


def _repeated() -> dict[str, list[str]]:
    defined: dict[str, list[str]] = defaultdict(list)
    for source in sources():
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                defined[node.name].append(f"{source.path}:{node.lineno}")
    return {name: where for name, where in defined.items() if len(where) > 1}
