"""Our own source files, read once: what the tests of the house look at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("merchant_api", "jobs", "notifications", "outside")


@dataclass(frozen=True)
class Source:
    """One file: its path below the root, its name as a module, its text and its tree."""

    path: str
    module: str
    text: str
    tree: ast.Module

    def strings(self) -> Iterator[str]:
        """Every text of the file but its docstrings."""
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(self.tree)
            if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield node.value


@cache
def sources(*packages: str) -> tuple[Source, ...]:
    """The files of some packages (all when none is named)."""
    return tuple(_read(path) for name in packages or PACKAGES for path in sorted((ROOT / name).rglob("*.py")))


def is_package(module: str) -> bool:
    """Whether a module is a package of ours, not a file."""
    return (ROOT / module.replace(".", "/") / "__init__.py").exists()


def _read(path: Path) -> Source:
    relative = path.relative_to(ROOT)
    parts = [*relative.parts[:-1], relative.stem]
    if parts[-1] == "__init__":
        parts.pop()
    text = path.read_text()
    return Source(str(relative), ".".join(parts), text, ast.parse(text))


def calls(source: Source, name: str) -> list[int]:
    """The lines where something called `name` is called, as a function or a method."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            called = node.func
            given = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if given == name:
                found.append(node.lineno)
    return found
