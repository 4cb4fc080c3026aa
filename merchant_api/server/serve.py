"""The production server: granian with several worker processes, each with a pool of threads.

Each worker is a fresh process, so that no pool of connections is ever shared through a fork. On SIGTERM it answers what
it has begun and ends.
"""

import multiprocessing
import os
import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from merchant_api.core import unsafe_database
from merchant_api.core.embedded import file_locks
from merchant_api.server.heart import GRACE_S
from merchant_api.server.installation import Installation
from merchant_api.server.restarts import Restarts

FIGURES = "PROMETHEUS_MULTIPROC_DIR"
CONNECTIONS = 1024  # per worker, idle ones included; more wait in the listen queue
HALF_SENT_S = 10
JUST_MADE_S = 60  # another command may be about to lock it


class PortTaken(Exception):
    """Another program listens where the API should."""


def serve(installation: Installation, unix_socket: Path | None) -> None:
    """Serve until SIGINT or SIGTERM, over TCP or a unix socket. Refused: PortTaken, BadSetting (database)."""
    settings = installation.settings
    unsafe_database.check(settings, "api")
    if unix_socket is None:
        check_port(settings.host, settings.port)
    os.environ.update(installation.environment())
    multiprocessing.set_start_method("spawn")
    with shared_figures(settings.data):
        _Server(
            "merchant_api.server.wsgi:front",
            address=settings.host,
            port=settings.port,
            uds=unix_socket,
            interface=Interfaces.RSGI,
            workers=settings.workers,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=HALF_SENT_S * 1000),
            websockets=False,
            backlog=2048,
            backpressure=CONNECTIONS,
            respawn_failed_workers=True,
            workers_kill_timeout=GRACE_S,
            log_level=LogLevels.error,
        ).serve()


class _Server(MPServer):
    """Granian's, which ends as a whole when one of its workers dies twice within seconds; ours starts it again."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._restarts: dict[int, Restarts] = {}

    def _respawn_workers(self, workers: Sequence[int], *given: Any, **named: Any) -> None:
        at = time.monotonic()
        pauses = [self._restarts.setdefault(slot, Restarts()).after_death(at) for slot in workers]
        if None in pauses:  # it notes the instants itself, and sees the next death as one of a row
            super()._respawn_workers(workers, *given, **named)
            return
        self.main_loop_interrupt.wait(max(pause for pause in pauses if pause is not None))  # a signal ends it at once
        super()._respawn_workers(workers, *given, **named)
        self.respawned_wrks.clear()


def check_port(host: str, port: int) -> None:
    """Refuse a port that is in use; the server itself would share it with another one of its kind."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            raise PortTaken(f"Cannot listen on {host}:{port} ({refused.strerror}); set ORDERBELL_PORT.") from None


@contextmanager
def shared_figures(data: Path) -> Iterator[None]:
    """A fresh folder through which the processes of one start share their figures, unless one is named already."""
    if FIGURES in os.environ:
        yield
        return
    data.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(data)
    folder = Path(tempfile.mkdtemp(prefix="figures-", dir=data))
    lock = file_locks.take(folder / "lock", file_locks.ALONE)
    os.environ[FIGURES] = str(folder)
    try:
        yield
    finally:
        del os.environ[FIGURES]
        rmtree(folder, ignore_errors=True)
        file_locks.release(lock)


def _clear_abandoned(data: Path) -> None:
    for folder in data.glob("figures-*"):
        with suppress(file_locks.Taken, OSError):
            if time.time() - folder.stat().st_mtime > JUST_MADE_S:
                lock = file_locks.take(folder / "lock", file_locks.ALONE)
                rmtree(folder, ignore_errors=True)
                file_locks.release(lock)
