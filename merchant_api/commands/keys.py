"""`orderbell keys`: what is sealed turns to the newest key, a page at a time, each in a transaction of its own."""

from functools import partial

import click

from merchant_api.accounts.merchants import every_merchant
from merchant_api.alerts import rotate
from merchant_api.channels import rotate as shops
from merchant_api.commands.in_app import in_app
from merchant_api.core import tenancy
from merchant_api.core.db import in_transaction
from merchant_api.providers import rotate as payments
from merchant_api.server.installation import open_installation


class ValuesLost(Exception):
    """Some sealed values open with none of the keys; the message says how many, and what helps."""


@click.group()
def keys() -> None:
    """The secret keys of this installation."""


@keys.command(name="rotate")
def rotate_keys() -> None:
    """Seal everything anew under the newest key.

    Put a new key first (ORDERBELL_SECRET_KEYS, or secret.key in the data folder), restart the API and the jobs, and run
    this. The older key can go three days later: until then stored answers and sign-ins may need it.
    """
    turned, lost = in_app(open_installation(), turn_all)
    click.echo(f"{turned} values lie under the newest key now.")
    if lost:
        raise ValuesLost(
            f"{lost} values open with none of the keys: devices have to be registered again, "
            "payment providers need their secrets again, channels their credentials."
        )


def turn_all() -> tuple[int, int]:
    """Turn what is sealed anywhere; gives how many values were turned, and how many rows no key opens."""
    turned, lost, last = in_transaction(rotate.turn_web_keys), 0, None
    while True:
        page = in_transaction(partial(rotate.turn_devices, last))
        turned, lost, last = turned + page.number, lost + page.lost, page.last
        if last is None:
            break
    for merchant_id in every_merchant():
        for turn in (payments.turn_providers, shops.turn_channels):
            some = in_transaction(partial(turn, merchant_id), tenancy.of(merchant_id))
            turned, lost = turned + some.number, lost + some.lost
    return turned, lost
