"""What the documents at the top name is there: a stranger who follows a path finds a file at its end."""

import re
from functools import cache

import pytest

from tests.house.sources import ROOT

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "findings/README.md")
# A file by its ending, or a folder by its slash; capitals stand for what the reader puts in: findings/NAME.sh.
_PATH = re.compile(r"(?<![\w./:<>{}-])([a-z_][\w.-]*(?:/[\w.-]+)*(?:/|\.(?:py|md|toml|mako|sh|html)))(?![\w/{<-])")
_BEGINS = ("", "merchant_api/")  # a path without a package lies below merchant_api/


def test_paths_are_found_in_sentences_and_in_trees():
    text = "see `orders/place/one.py`, (`jobs/sending/`) and findings/NAME.sh; https://x.example/a.py\njobs/  the clock"

    assert named(text) == {"orders/place/one.py", "jobs/sending/", "jobs/"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_a_document_names_exists(document: str):
    paths = named((ROOT / document).read_text())

    assert {path for path in paths if not _exists(path)} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_to_a_file(document: str):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / document).read_text())

    assert [link for link in links if not ((ROOT / document).parent / link).exists()] == []


def test_the_architecture_fits_one_screen():
    assert len((ROOT / "ARCHITECTURE.md").read_text().splitlines()) <= 100


def named(text: str) -> set[str]:
    """The files and folders that a text names."""
    return {path for path in _PATH.findall(text) if path == path.lower()}


def _exists(path: str) -> bool:
    """A name alone, as in a tree, may lie anywhere in the repository."""
    if "/" in path.rstrip("/"):
        return any(f"{begin}{path.rstrip('/')}" in _tree() for begin in _BEGINS)
    return any(known == path.rstrip("/") or known.endswith(f"/{path.rstrip('/')}") for known in _tree())


@cache
def _tree() -> frozenset[str]:
    hidden = {path.name for path in ROOT.glob(".*")}
    roots = [path for path in ROOT.iterdir() if path.name not in hidden]
    below = [path for root in roots for path in (root, *root.rglob("*")) if "__pycache__" not in path.parts]
    return frozenset(str(path.relative_to(ROOT)) for path in below)
