"""Running pgbench: where it is, and the transactions per second that it reports."""

import re
import shutil
import subprocess
from itertools import count
from pathlib import Path

from bench import world
from bench.ceiling import RUN, Script
from bench.stage import Stage
from merchant_api.core.db import TIMEOUTS
from merchant_api.core.embedded.binaries import environment
from merchant_api.core.embedded.server import USER

THREADS = 2
_RATE = re.compile(r"tps = ([0-9.]+)")
_runs = count(1)


class PgbenchError(RuntimeError):
    """It ended with an error, or before its time."""


def find(where: Stage) -> Path | None:
    """The program: beside the server's, on the PATH, or in Debian's folders."""
    named = shutil.which("pgbench")
    places = [where.server.bindir / "pgbench", *([Path(named)] if named else [])]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"), reverse=True)
    return next((place for place in places if place.is_file()), None)


def run(where: Stage, database: str, script: Script, clients: int, seconds: float) -> float:
    """Transactions per second of `clients` connections, each of which prepares its statements once."""
    program = find(where)
    assert program is not None, "ask find() first"
    path = where.folder / "order.pgbench"
    path.write_text(script.text)
    first = world.FIRST + next(_runs) * RUN
    variables = {**script.constants, "n": "0", "first": str(first)}
    done = subprocess.run(
        [
            *(program, "--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--jobs={THREADS}"),
            *(f"--time={max(1, round(seconds))}", f"--file={path}"),
            *(f"--define={name}={value}" for name, value in variables.items()),
            *("-h", where.server.folder, "-p", str(where.server.port), "-U", USER, database),
        ],
        check=False,
        capture_output=True,
        text=True,
        env={**environment(), "PGOPTIONS": _options()},
        timeout=seconds + 60,
    )
    found = _RATE.search(done.stdout)
    if done.returncode or found is None or "aborted" in done.stderr:
        raise PgbenchError(f"{done.stdout[-500:]}\n{done.stderr[-3000:]}")
    return float(found[1])


def _options() -> str:
    """The same limits as the API's connections have: the server keeps time for each statement."""
    statement, lock, idle = TIMEOUTS["api"]
    return f"-c statement_timeout={statement} -c lock_timeout={lock} -c idle_in_transaction_session_timeout={idle}"
