"""Zones of time come from `tzdata` in every process of ours, whatever the system has and PYTHONTZPATH says."""

import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest
import requests

from merchant_api.app import create_app
from merchant_api.core.db import db
from tests.conftest import settings_for
from tests.house.sources import ROOT
from tests.make.orders import place_one
from tests.make.people import make_member, make_merchant
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_token
from tests.processes.start import run, up

pytestmark = pytest.mark.xdist_group("processes")
# Python runs this at every start of a process: each file of zones that is opened is written down, with who opened it.
WATCH = """
import os, sys
def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)) and "zoneinfo" in os.fsdecode(args[0]):
        if not os.fsdecode(args[0]).endswith((".py", ".pyc", ".so")):
            note = " ".join([os.fsdecode(args[0]), *sys.orig_argv[1:]])
            handle = os.open(os.environ["WATCHED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(handle, (note + chr(10)).encode())
            os.close(handle)
sys.addaudithook(watch)
"""


@pytest.fixture
def watched(given: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """An environment in which zones lie that are wrong, and one more, and where every look at zones is written down."""
    foreign, tokyo = tmp_path / "foreign" / "zoneinfo", files("tzdata.zoneinfo") / "Asia" / "Tokyo"
    for name in ("America/Vancouver", "UTC", "Etc/UTC", "Mars/Olympus"):
        (foreign / name).parent.mkdir(parents=True, exist_ok=True)
        (foreign / name).write_bytes(tokyo.read_bytes())
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    watching = {"PYTHONPATH": str(tmp_path), "WATCHED": str(tmp_path / "watched"), "TZ": "America/Vancouver"}
    return given | watching | {"PYTHONTZPATH": str(foreign)}


def looked_elsewhere(environment: dict[str, str]) -> list[str]:
    """Who opened which file of zones that is not of the package; there must have been looks at all."""
    looks = Path(environment["WATCHED"]).read_text().splitlines()
    assert looks
    return [look for look in looks if "tzdata" not in look.partition(" ")[0]]


def test_the_watch_sees_who_looks_elsewhere(watched: dict[str, str]):
    look = "from zoneinfo import ZoneInfo; ZoneInfo('America/Vancouver')"

    subprocess.run((sys.executable, "-c", look), env=watched, cwd=ROOT, check=True)

    assert len(looked_elsewhere(watched)) == 1


@pytest.mark.parametrize("module", ["notifications.wall_clock", "merchant_api.core.clock", "jobs.run"])
def test_whichever_package_comes_first_zones_are_ours(watched: dict[str, str], module: str):
    look = f"import {module}; from zoneinfo import ZoneInfo; ZoneInfo('America/Vancouver')"

    subprocess.run((sys.executable, "-c", look), env=watched, cwd=ROOT, check=True)

    assert looked_elsewhere(watched) == []


def test_api_jobs_and_commands_read_no_zones_but_ours(watched: dict[str, str], tmp_path: Path):
    app = create_app(settings_for(watched["DATABASE_URL"], tmp_path))
    with app.app_context():
        merchant = make_merchant(time_zone="America/Vancouver")
        headers = bearer(make_token(make_member(merchant)))
        place_one([(make_product(merchant, on_hand=0), 1)])
        db.engine.dispose()
        url = f"http://127.0.0.1:{watched['ORDERBELL_PORT']}/v1"

    with up(watched, tmp_path / "said"):
        mars = requests.patch(
            f"{url}/merchants/{merchant.id}", json={"time_zone": "Mars/Olympus"}, headers=headers, timeout=10
        )
        told = _told(url, headers)
    audit = run(watched, "audit")

    assert (mars.status_code, audit.returncode) == (422, 0)
    assert "(Vancouver, UTC-7)" in told
    assert looked_elsewhere(watched) == []


def _told(url: str, headers: dict[str, str]) -> str:
    until = time.monotonic() + 20
    while not (items := requests.get(f"{url}/me/notifications", headers=headers, timeout=10).json()["items"]):
        assert time.monotonic() < until
        time.sleep(0.05)
    return str(items[0]["body"])
