"""How a process of ours starts another one of ours: with the same interpreter and the same packages.

The rule: it does not matter whether we run from the repository or from an installed wheel, nor in which folder.
"""

import os
import site
import sys
from collections.abc import Mapping
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]  # where our packages lie side by side


def command(module: str, *arguments: str) -> list[str]:
    """What to run; -P: a folder `jobs` where somebody happens to be is not ours."""
    return [sys.executable, "-P", "-m", module, *arguments]


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The environment in which `command` finds our packages; where they are installed it does so anyway."""
    if str(HOME) in site.getsitepackages():
        return dict(given)
    paths = [str(HOME), *filter(None, [given.get("PYTHONPATH")])]
    return {**given, "PYTHONPATH": os.pathsep.join(paths)}
