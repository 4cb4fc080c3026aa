"""Figures for Prometheus; several processes share them through PROMETHEUS_MULTIPROC_DIR."""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

requests = Counter("orderbell_requests_total", "Requests by endpoint and status", ["endpoint", "status"])
request_seconds = Histogram(
    "orderbell_request_seconds",
    "Time to answer a request",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
orders_placed = Counter("orderbell_orders_placed_total", "Orders by the route they took", ["route"])
orders_moved = Counter("orderbell_orders_moved_total", "Steps of orders by the state entered", ["step", "state"])
answer_seconds = Histogram(
    "orderbell_answer_seconds",
    "Time a merchant took to answer a request",
    buckets=(5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 86400),
)
pushes = Counter("orderbell_pushes_total", "Deliveries by medium and outcome", ["medium", "outcome"])
job_runs = Counter("orderbell_job_runs_total", "Runs of jobs by result", ["job", "result"])
job_rows = Counter("orderbell_job_rows_total", "Rows that jobs handled", ["job", "result"])
calls_limited = Counter("orderbell_calls_limited_total", "Calls refused for coming too often, by limit", ["limit"])
hashing_refused = Counter("orderbell_hashing_refused_total", "Requests that waited too long to have a password hashed")
log_lines_dropped = Counter("orderbell_log_lines_dropped_total", "Lines of the log that could not be written")


def registry() -> CollectorRegistry:
    """The registry to scrape: of all processes where they share a folder, else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the library has no types here
    return together


def exposition() -> tuple[bytes, str]:
    """The text of all figures and its content type."""
    return generate_latest(registry()), CONTENT_TYPE_LATEST
