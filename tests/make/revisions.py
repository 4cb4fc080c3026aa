"""Revisions of the schema, by what their migrations are called."""

import re

from tests.house.sources import ROOT


def before(name: str) -> str:
    """The revision that the named migration follows."""
    [path] = (ROOT / "migrations" / "versions").glob(f"*_{name}.py")
    found = re.search(r'^down_revision = "(\d+)"', path.read_text(), re.MULTILINE)
    assert found is not None
    return found.group(1)
