"""`orderbell up`, `serve`, `jobs` and `migrate`: the parts of an installation, and all of them at once."""

import os
import runpy
import sys
from pathlib import Path

import click

from merchant_api.commands.in_app import in_app
from merchant_api.core import migrate, unsafe_database
from merchant_api.core.migrate import Schema
from merchant_api.core.roles import JOBS
from merchant_api.demo import data, story
from merchant_api.server import serve as server
from merchant_api.server import up as tree
from merchant_api.server.installation import Installation, open_installation

_SCHEMA = {
    Schema.CURRENT: "Schema up to date.",
    Schema.NEWER: "The schema is newer than this version of Orderbell knows: nothing is changed.",
}


@click.command()
@click.option("--demo", "has_demo", is_flag=True, help="Load the demo merchant and people; twice changes nothing.")
def up(has_demo: bool) -> None:
    """Run all of it: database, migrations, API and jobs; Ctrl-C stops everything."""
    with tree.stopped_by_signals() as stop:
        installation = _opened()
        server.check_port(installation.settings.host, installation.settings.port)
        unsafe_database.check(installation.settings, "api")
        click.echo(_SCHEMA[migrate.upgrade(installation.owner_url)])
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


@click.command()
@click.option("--socket", type=click.Path(path_type=Path), help="A unix socket to listen on instead of host and port.")
def serve(socket: Path | None) -> None:
    """Run the API alone."""
    server.serve(open_installation(), socket)


@click.command()
def jobs() -> None:
    """Run the jobs alone: deadlines, settling, notifications. Any number of these may run."""
    os.environ.update(open_installation().environment(JOBS))
    # By name: the domain does not import what runs above it.
    runpy.run_module("jobs", run_name="__main__", alter_sys=True)


@click.command(name="migrate")
def migrate_database() -> None:
    """Bring the database to the newest schema."""
    click.echo(_SCHEMA[migrate.upgrade(open_installation().owner_url)])


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
    click.echo("Ctrl-C stops everything. What merchants' phones would show appears below.\n")


def _say_who(password: str) -> None:
    click.echo("Sign in (POST /v1/auth/login) as")
    for person in data.PEOPLE:
        click.echo(f"  {person.login:<24}{person.what}")
    click.echo(f"with the password {password}")
    click.echo(f"\nTo watch orders travel, in a second terminal:  {_ourselves()} demo\n")


def _ourselves() -> str:
    """How this program was called, so that the next command can be typed the same way."""
    called = Path(sys.argv[0])
    return sys.argv[0] if called.name == "orderbell" else "python -m merchant_api.cli"
