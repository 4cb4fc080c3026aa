"""`python -m bench [orders] [push] [sweep] [memory] [--quick]`: measures, and prints a table.

Exit code 0 also where a target is missed, which the table says; 1 where something could not be measured.
"""

import argparse
import sys
import time

from bench import memory, orders, push, sweep
from bench.figures import Figure, machine, table
from bench.stage import Stage, stage

PARTS = {"orders": orders.run, "push": push.run, "sweep": sweep.run, "memory": memory.run}


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; none: all", metavar="part")
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes: shows that it runs")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    with stage(quick=asked.quick) as where:
        print(machine(where.server.version) + "\n", flush=True)
        figures = [figure for name in asked.parts or PARTS for figure in _run(where, name)]
    print("\n" + table(figures))
    missed = sum(figure.is_met is False for figure in figures)
    print(f"\n{missed} of {sum(figure.is_met is not None for figure in figures)} targets MISSED" if missed else "")
    return 0


def _run(where: Stage, name: str) -> list[Figure]:
    begun = time.monotonic()
    figures = PARTS[name](where)
    print(f"{name}: measured in {time.monotonic() - begun:.0f} s", flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())
