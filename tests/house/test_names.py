"""A public class name means one thing in the whole house: where it is used, nobody sees from which file it came."""

import ast
from collections import defaultdict

from tests.house.sources import sources

# Two things of one name, and why they may have it.
ALLOWED = {
    "Refused": "what placing and a sender answer alike: it will not happen, and why",
}


def test_a_public_class_name_means_one_thing():
    assert {name: where for name, where in _repeated().items() if name not in ALLOWED} == {}


def test_what_is_allowed_is_there():
    assert set(ALLOWED) <= set(_repeated())


def _repeated() -> dict[str, list[str]]:
    defined: dict[str, list[str]] = defaultdict(list)
    for source in sources():
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                defined[node.name].append(f"{source.path}:{node.lineno}")
    return {name: where for name, where in defined.items() if len(where) > 1}
