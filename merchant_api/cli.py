"""The commands: `orderbell`, or `python -m merchant_api.cli`. Each prints for people and ends with an exit code.

0 is done, 1 did not work or found a difference, 2 was asked or set up wrongly.
"""

import os
import runpy
import sys
from pathlib import Path

import click

from merchant_api import serve as server
from merchant_api import up as tree
from merchant_api.core import log, migrate
from merchant_api.core.postgres_binaries import EmbeddedFailed
from merchant_api.core.settings import BadSetting
from merchant_api.installation import Installation, open_installation


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def orderbell() -> None:
    """Merchants answer orders from their phones: instant, or on request."""


@orderbell.command()
@click.option("--demo", "has_demo", is_flag=True, help="Load the demo merchant and people; twice changes nothing.")
def up(has_demo: bool) -> None:
    """Run all of it: database, migrations, API and jobs; Ctrl-C stops everything."""
    with tree.stopped_by_signals() as stop:
        installation = _opened()
        server.check_port(installation.settings.host, installation.settings.port)
        migrate.upgrade(installation.settings.database_url)
        click.echo("Schema up to date.")
        with server.shared_figures(installation.settings.data), tree.running(installation) as children:
            _say_where(installation)
            tree.watch(children, stop)
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


def _opened() -> Installation:
    click.echo("Starting Orderbell; the first start makes a database and takes some seconds.")
    installation = open_installation()
    kind = "embedded PostgreSQL in " if installation.attached else "PostgreSQL of DATABASE_URL; generated files in "
    click.echo(f"Database: {kind}{installation.settings.data}")
    return installation


def _say_where(installation: Installation) -> None:
    settings = installation.settings
    click.echo(f"\nOrderbell is up: {tree.address(settings)}")
    click.echo(f"  the API to read   {tree.address(settings)}/docs")
    click.echo(f"  health            {tree.address(settings)}/readyz")
    click.echo(f"  logs              {settings.data / 'log'}")
    click.echo("Ctrl-C stops everything.\n")


def main() -> None:
    """The entry point; what can go wrong on an installation becomes one line and an exit code."""
    log.configure()
    try:
        orderbell(prog_name="orderbell")
    except BadSetting as wrong:
        _give_up(wrong, 2)
    except (EmbeddedFailed, server.PortTaken, tree.ChildDied) as failed:
        _give_up(failed, 1)


def _give_up(why: Exception, code: int) -> None:
    click.echo(f"orderbell: {why}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
