"""`orderbell staff`: people who work for the platform, added by who can reach the installation."""

import click

from merchant_api.accounts import staff as platform
from merchant_api.commands.in_app import in_app
from merchant_api.core.db import in_transaction
from merchant_api.server.installation import open_installation


@click.group()
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
