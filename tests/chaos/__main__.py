"""`python -m tests.chaos [--short] [--seed N] [--keep FOLDER]`: exits with 1 where a property does not hold.

Needs Linux. It prints every fault with its instant, and a line for each property with its figure.
"""

import argparse
import secrets
import signal
import sys
from pathlib import Path

from tests.chaos.house import HouseError
from tests.chaos.plan import CLIENTS, SHORT, WHOLE
from tests.chaos.run import run


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--short", action="store_true", help="every kind of fault once, in about a minute and a half")
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(1_000_000), help="the same orders and faults again"
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave history and logs there")
    asked = parser.parse_args()
    size = SHORT if asked.short else WHOLE
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends all as Ctrl-C does
    print(f"{size.errands:,} orders, {CLIENTS} clients, {sum(size.kills)} kills; --seed {asked.seed}", flush=True)
    try:
        outcome = run(size, asked.seed, asked.keep)
    except KeyboardInterrupt:
        print("Stopped; nothing is left behind.")
        return 130
    except HouseError as error:
        print(f"FAILED  {error}")
        return 1
    print("\n".join(["", *map(str, outcome.noted), ""]))
    print("\n".join(line for each in outcome.properties for line in each.lines()))
    return 0 if outcome.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
