"""The floors of the house, in one place: imports go downwards only. A rank is changed by decision (docs/decisions/).

A room inside a feature has a rank of its own, a little above the feature's: rooms of one rank do not know each other.
"""

import ast

from tests.house.sources import Source, is_package, sources

FLOORS = {
    "core": 0.0,
    "core.embedded": 0.1,
    "outbox": 1.0,
    "accounts": 2.0,
    "catalog": 3.0,
    "stock": 4.0,
    "stock.sessions": 4.1,
    "shop": 5.0,
    "orders": 6.0,
    "orders.place": 6.1,
    "orders.steps": 6.1,
    "orders.figures": 6.1,
    "orders.money": 6.2,
    "orders.due": 6.2,
    "carts": 7.0,
    "providers": 7.0,
    "channels": 8.0,
    "channels.kinds": 8.1,
    "channels.levels": 8.1,
    "channels.sales": 8.2,
    "channels.runs": 8.3,
    "alerts": 8.0,
    "console": 9.0,
}
TOP = 10.0  # app, cli, and the rooms of what serves and of commands

# Inside a feature, also as `<word>_routes`; every other file is a rule, a reader or a verb.
STOREYS = {"errors": 0, "states": 0, "models": 1, "schemas": 3, "routes": 4}
VERB = 2


def floor_of(module: str) -> float:
    """The rank of a module of merchant_api."""
    return FLOORS.get(feature_of(module).removeprefix("merchant_api."), TOP)


def feature_of(module: str) -> str:
    """The feature that a module belongs to, or the room of it where that is ranked, or its own name at the top."""
    parts = module.split(".")
    return ".".join(parts[:3] if ".".join(parts[1:3]) in FLOORS else parts[:2])


def room_of(module: str) -> str:
    """The package that a module lies in; what lies beside the rooms of a package's top is a room of its own."""
    package = module if is_package(module) else module.rpartition(".")[0]
    return module if "." not in package else package


def storey_of(module: str) -> int:
    """The rank of a module inside its feature."""
    return STOREYS.get(module.rpartition(".")[2].rpartition("_")[2], VERB)


def imports() -> dict[str, set[str]]:
    """Which of our modules each of our modules imports."""
    known = {source.module for source in sources()}
    return {source.module: _imported(source, known) - {source.module} for source in sources()}


def _imported(source: Source, known: set[str]) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in known else node.module)
    return found & known


def names_imported(source: Source) -> set[str]:
    """The outermost packages that a file imports, ours or not."""
    found: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found
