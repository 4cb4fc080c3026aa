"""The floors of the house, in one place: imports go downwards only. A rank is changed by decision (docs/decisions/)."""

import ast

from tests.house.sources import Source, sources

FLOORS = {
    "core": 0,
    "outbox": 1,
    "accounts": 2,
    "catalog": 3,
    "stock": 4,
    "shop": 5,
    "orders": 6,
    "carts": 7,
    "payments": 7,
    "channels": 8,
    "alerts": 8,
    "console": 9,
}
TOP = 10  # app, cli and whatever else lies beside the features

# Inside a feature, also as `<word>_routes`; every other file is a rule, a reader or a verb.
STOREYS = {"errors": 0, "states": 0, "models": 1, "schemas": 3, "routes": 4}
VERB = 2


def floor_of(module: str) -> int:
    """The rank of a module of merchant_api."""
    parts = module.split(".")
    return FLOORS.get(parts[1], TOP) if len(parts) > 1 else TOP


def feature_of(module: str) -> str:
    """The feature that a module belongs to, or its own name at the top."""
    return ".".join(module.split(".")[:2])


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
