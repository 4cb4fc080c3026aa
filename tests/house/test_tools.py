"""What a person types says what it does, and what is looked at before a commit is what `make check` looks at."""

import json
import re

import pytest

from tests.house.sources import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
FINDINGS = sorted((ROOT / "findings").glob("*.sh"))
LOCKS = sorted((ROOT / "tests" / "shops").glob("*/package-lock.json"))


def test_every_target_that_is_typed_is_phony_and_has_a_line_of_help():
    phony = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE).group(1).split())
    typed = set(re.findall(r"^([a-z][a-z0-9-]*):", MAKEFILE, re.MULTILINE))
    helped = set(re.findall(r"^([a-z][a-z0-9-]*):.*  ## \S", MAKEFILE, re.MULTILINE))

    assert typed == phony == helped


def test_a_commit_is_looked_at_by_the_tools_of_make_check():
    hooks = re.findall(r"^ +entry: (.*)$", (ROOT / ".pre-commit-config.yaml").read_text(), re.MULTILINE)
    check = MAKEFILE.partition("\ncheck:")[2].partition("\n\n")[0]
    asked = re.findall(r"^\t\$\(BIN\)/([\w -]+?)(?: \.)?$", check, re.MULTILINE)

    assert [hook.removeprefix(".venv/bin/").removesuffix(" --force-exclude") for hook in hooks] == asked


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda path: path.stem)
def test_a_finding_begins_with_what_it_found_and_works_in_a_folder_of_its_own(finding):
    lines = finding.read_text().splitlines()

    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[1].startswith("# ")
    assert any(line.startswith("# Output seen") for line in lines)
    assert {"set -euo pipefail", "folder=$(mktemp -d)"} <= set(lines)
    assert len(lines) <= 100


@pytest.mark.parametrize(
    "lock", sorted((ROOT / "tests" / "shops").rglob("package-lock.json")), ids=lambda path: path.parent.name
)
def test_the_lock_of_a_shop_names_exact_versions_and_no_registry(lock):
    shop = json.loads((lock.parent / "package.json").read_text())
    locked = json.loads(lock.read_text())["packages"]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in shop["dependencies"].values())
    assert not [name for name, package in locked.items() if "resolved" in package]
    assert all(name == "" or "integrity" in package for name, package in locked.items())
