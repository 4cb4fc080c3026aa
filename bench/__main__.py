"""`python -m bench [PART ...] [--quick]`: measures, and prints a table. The parts: `orders`, `push`, `backlog`,
`channels`, `sweep`, `promotion`, `memory`; none: all.

Exit code 0 also where a target is missed, which the table says; 1 where something could not be measured.
"""

import argparse
import sys
import time

from bench import backlog, channels, memory, orders, promotion, push, sweep
from bench.figures import Figure, machine, table
from bench.stage import Stage, stage

PARTS = {
    "orders": orders.run,
    "push": push.run,
    "backlog": backlog.run,
    "channels": channels.run,
    "sweep": sweep.run,
    "promotion": promotion.run,
    "memory": memory.run,
}


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; none: all", metavar="part")
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes: shows that it runs")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    figures: list[Figure] = []
    try:
        with stage(quick=asked.quick) as where:
            print(machine(where.server.version) + "\n", flush=True)
            for name in asked.parts or PARTS:
                _measure(where, name, figures)
    finally:  # what was measured before something failed is worth reading
        print("\n" + table(figures))
    missed = [figure.name for figure in figures if figure.is_met is False]
    if missed:
        print(f"\nMISSED: {', '.join(missed)}")
    return 0


def _measure(where: Stage, name: str, figures: list[Figure]) -> None:
    begun = time.monotonic()
    for figure in PARTS[name](where):
        figures.append(figure)
        print(f"{time.monotonic() - begun:5.0f} s  {figure.name}: {figure.value}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
