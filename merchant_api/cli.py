"""The commands: `orderbell`, or `python -m merchant_api.cli`. Each prints for people and ends with an exit code.

0 is done, 1 did not work or found a difference, 2 was asked or set up wrongly. What each does is in commands/.
"""

import sys

import click
from sqlalchemy.exc import DBAPIError

from merchant_api.commands import running
from merchant_api.commands.audit import audit
from merchant_api.commands.counts import counts
from merchant_api.commands.demo import demo
from merchant_api.commands.keys import ValuesLost, keys
from merchant_api.commands.people import people
from merchant_api.commands.staff import staff
from merchant_api.core import log
from merchant_api.core.db import is_unavailable
from merchant_api.core.embedded.binaries import EmbeddedFailed
from merchant_api.core.errors import Invalid, Refusal
from merchant_api.core.settings import BadSetting
from merchant_api.demo.caller import StepFailed
from merchant_api.server.serve import PortTaken
from merchant_api.server.up import ChildDied

COMMANDS = (running.up, running.serve, running.jobs, running.migrate_database, demo, audit, counts, staff, people, keys)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def orderbell() -> None:
    """Merchants answer orders from their phones: instant, or on request."""


for each in COMMANDS:
    orderbell.add_command(each)


def main() -> None:
    """The entry point; what can go wrong on an installation becomes one line and an exit code."""
    log.configure()
    try:
        orderbell(prog_name="orderbell")
    except (BadSetting, Invalid) as wrong:
        _give_up(wrong, 2)
    except (EmbeddedFailed, PortTaken, ChildDied, StepFailed, Refusal, ValuesLost) as failed:
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
