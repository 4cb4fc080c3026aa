"""The commands: `orderbell`, or `python -m merchant_api.cli`. Each prints for people and ends with an exit code.

0 is done, 1 did not work or found a difference, 2 was asked or set up wrongly.
"""

import os
import runpy
import sys
from functools import partial
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.exc import DBAPIError

from merchant_api.accounts import staff as platform
from merchant_api.accounts.merchants import every_merchant, find_merchant
from merchant_api.alerts import rotate
from merchant_api.commands.counts import counts
from merchant_api.commands.in_app import in_app
from merchant_api.core import log, migrate
from merchant_api.core.db import in_transaction, is_unavailable
from merchant_api.core.embedded.binaries import EmbeddedFailed
from merchant_api.core.errors import Invalid, Refusal
from merchant_api.core.settings import BadSetting, load
from merchant_api.demo import data, story
from merchant_api.demo.caller import StepFailed
from merchant_api.orders.figures import audit as orders
from merchant_api.providers import rotate as payments
from merchant_api.server import serve as server
from merchant_api.server import up as tree
from merchant_api.server.installation import Installation, open_installation
from merchant_api.stock import audit as stock


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def orderbell() -> None:
    """Merchants answer orders from their phones: instant, or on request."""


orderbell.add_command(counts)


@orderbell.command()
@click.option("--demo", "has_demo", is_flag=True, help="Load the demo merchant and people; twice changes nothing.")
def up(has_demo: bool) -> None:
    """Run all of it: database, migrations, API and jobs; Ctrl-C stops everything."""
    with tree.stopped_by_signals() as stop:
        installation = _opened()
        server.check_port(installation.settings.host, installation.settings.port)
        migrate.upgrade(installation.settings.database_url)
        click.echo("Schema: up to date")
        if has_demo:
            password = story.password_of(installation.settings)
            in_app(installation, lambda: data.load(password))
            click.echo(f"Demo data: {data.MERCHANT}, {len(data.PRODUCTS)} products")
        with server.shared_figures(installation.settings.data), tree.running(installation) as children:
            _say_where(installation)
            if has_demo:
                _say_who(story.password_of(installation.settings))
            tree.watch(children, stop, installation)
            click.echo("Stopping …")
    click.echo("Stopped.")


@orderbell.command()
@click.option("--socket", type=click.Path(path_type=Path), help="A unix socket to listen on instead of host and port.")
def serve(socket: Path | None) -> None:
    """Run the API alone."""
    server.serve(open_installation(), socket)


@orderbell.command()
def jobs() -> None:
    """Run the jobs alone: deadlines, settling, notifications. Any number of these may run."""
    os.environ.update(open_installation().environment())
    # By name: the domain does not import what runs above it.
    runpy.run_module("jobs", run_name="__main__", alter_sys=True)


@orderbell.command(name="migrate")
def migrate_database() -> None:
    """Bring the database to the newest schema."""
    migrate.upgrade(open_installation().settings.database_url)
    click.echo("Schema up to date.")


@orderbell.command()
@click.option("--url", help="Where the API runs; here, with the settings of the environment, when not given.")
def demo(url: str | None) -> None:
    """Play the story of an order against the running API, every way that it can go."""
    settings = load()
    story.play(url or tree.address(settings), story.password_of(settings), click.echo)
    click.echo("\nEvery step happened.")


@orderbell.command()
@click.option("--merchant", "merchant_id", type=click.UUID, help="Only this one; every merchant when not given.")
def audit(merchant_id: UUID | None) -> None:
    """Prove that ledger, cells, holds and orders agree; prints every difference and exits with 1 if there is one."""

    def work() -> bool:
        chosen = stock.audit_all() if merchant_id is None else [stock.audit(find_merchant(merchant_id).id)]
        found = [_print_report(report) for report in chosen]  # every one is printed, also after a difference
        return all(found)

    if not in_app(open_installation(), work):
        sys.exit(1)


@orderbell.group()
def staff() -> None:
    """People who work for the platform."""


@staff.command()
@click.argument("login")
@click.option("--name", required=True, help="What to call this person.")
@click.password_option(envvar="ORDERBELL_STAFF_PASSWORD", help="Asked for where it is not given.")
def add(login: str, name: str, password: str) -> None:
    """Add a person of the platform's staff, who signs in with LOGIN (e-mail address or phone number)."""
    person = in_app(open_installation(), lambda: in_transaction(lambda: platform.add_staff(login, name, password)))
    click.echo(f"{person.name} is staff now and signs in with {login}.")


@orderbell.group()
def keys() -> None:
    """The secret keys of this installation."""


@keys.command(name="rotate")
def rotate_keys() -> None:
    """Seal everything anew under the newest key.

    Put a new key first (ORDERBELL_SECRET_KEYS, or secret.key in the data folder), restart the API and the jobs, and run
    this. The older key can go three days later: until then stored answers and sign-ins may need it.
    """
    turned, lost = in_app(open_installation(), _turn_all)
    click.echo(f"{turned} values lie under the newest key now.")
    if lost:
        _give_up(
            f"{lost} values open with none of the keys: devices have to be registered again, "
            "payment providers need their secrets again.",
            1,
        )


def _turn_all() -> tuple[int, int]:
    turned, lost, last = in_transaction(rotate.turn_web_keys), 0, None
    while True:
        page = in_transaction(partial(rotate.turn_devices, last))
        turned, lost, last = turned + page.number, lost + page.lost, page.last
        if last is None:
            break
    for merchant_id in every_merchant():
        some = in_transaction(partial(payments.turn_providers, merchant_id))
        turned, lost = turned + some.number, lost + some.lost
    return turned, lost


def _opened() -> Installation:
    click.echo("Starting Orderbell; the first start makes a database and takes some seconds.")
    installation = open_installation()
    kind = "embedded PostgreSQL in " if installation.attached else "PostgreSQL of DATABASE_URL; generated files in "
    click.echo(f"Database: {kind}{installation.settings.data}")
    return installation


def _print_report(report: stock.Report) -> bool:
    for line in report.lines():
        click.echo(line)
    strays = in_transaction(lambda: orders.audit(report.merchant_id))
    for line in (line for stray in strays for line in stray.lines()):
        click.echo(line)
    return report.is_clean and not strays


def _say_who(password: str) -> None:
    click.echo("Sign in (POST /v1/auth/login) as")
    for person in data.PEOPLE:
        click.echo(f"  {person.login:<24}{person.what}")
    click.echo(f"with the password {password}")
    click.echo("\nTo watch orders travel, in a second terminal:  .venv/bin/orderbell demo\n")


def _say_where(installation: Installation) -> None:
    settings = installation.settings
    click.echo(f"\nOrderbell is up: {tree.address(settings)}")
    click.echo(f"  the API to read   {tree.address(settings)}/docs")
    click.echo(f"  health            {tree.address(settings)}/readyz")
    click.echo(f"  logs              {settings.data / 'log'}")
    click.echo("Ctrl-C stops everything. What merchants' phones would show appears below.\n")


def main() -> None:
    """The entry point; what can go wrong on an installation becomes one line and an exit code."""
    log.configure()
    try:
        orderbell(prog_name="orderbell")
    except (BadSetting, Invalid) as wrong:
        _give_up(wrong, 2)
    except (EmbeddedFailed, server.PortTaken, tree.ChildDied, StepFailed, Refusal) as failed:
        _give_up(failed, 1)
    except DBAPIError as away:
        if not is_unavailable(away):
            raise
        _give_up(f"The database does not answer: {str(away.orig).splitlines()[0]}", 1)


def _give_up(why: Exception | str, code: int) -> None:
    click.echo(f"orderbell: {why}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
