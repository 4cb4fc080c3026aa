"""Memory of the API's workers and of the job process, after both have worked, as the kernel counts it.

RSS counts shared pages whole in each process; PSS divides them among those that share them.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from bench import load, world
from bench.figures import Figure
from bench.stage import Stage, api, jobs

DATABASE = "memory"
CLIENTS = 16
SECONDS, QUICK_SECONDS = 10.0, 2.0
JOBS_GO_ON_S, QUICK_JOBS_GO_ON_S = 5.0, 1.0


def run(where: Stage) -> Iterator[Figure]:
    """Megabytes of each process, after some seconds of orders that the jobs settled and fanned out meanwhile."""
    where.make_database(DATABASE)
    world.seed(where.dsn(DATABASE))
    with api(where, DATABASE) as served, jobs(where, DATABASE) as working:
        seconds = QUICK_SECONDS if where.quick else SECONDS
        tally = load.drive(served.port, load.order_requests("memory"), CLIENTS, seconds)
        time.sleep(QUICK_JOBS_GO_ON_S if where.quick else JOBS_GO_ON_S)
        workers = [pid for pid in children(served.pid) if _is_worker(pid)]
        after = f"after {tally.statuses[201]:,} orders"
        for number, pid in enumerate(workers, start=1):
            yield _figure(f"API worker {number}", pid, after)
        yield _figure("API main process", served.pid, after)
        yield _figure("job process", working.pid, after)


def _figure(name: str, pid: int, after: str) -> Figure:
    rss, pss = memory_of(pid)
    return Figure(f"memory, {name}", f"{rss:.0f} MB", f"RSS; PSS {pss:.0f} MB, {after}")


def memory_of(pid: int) -> tuple[float, float]:
    """RSS and PSS in megabytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines)}
    return kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sorted(int(child) for task in tasks for child in (task / "children").read_text().split())


def _is_worker(pid: int) -> bool:
    """Not the tracker of resources that Python starts beside its workers."""
    return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
