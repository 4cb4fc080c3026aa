"""`orderbell people`: who may sign in, decided by who can reach the installation. A new password is shown once."""

import secrets
import sys
from collections.abc import Iterator
from functools import partial

import click

from merchant_api.accounts import keys_shown, sign_in, standing
from merchant_api.accounts.merchants import every_merchant
from merchant_api.accounts.models import Person
from merchant_api.accounts.people import memberships_of
from merchant_api.commands.in_app import in_app
from merchant_api.core.db import in_transaction
from merchant_api.core.schema import rfc3339
from merchant_api.core.tenancy import of
from merchant_api.server.installation import open_installation

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
GROUPS, OF_LETTERS = 4, 5  # some 99 random bits
RESTS, GOES_ON = "rests while she is disabled", "goes on without her"


@click.group()
def people() -> None:
    """People who sign in, however they do: LOGIN is an e-mail address or a phone number."""


@people.command()
@click.argument("login")
def show(login: str) -> None:
    """Who signs in with LOGIN: sign-ins that live, merchants that the person works for, API keys that she made."""

    def work() -> list[str]:
        person, lines = in_transaction(lambda: _told(login))
        return [*lines, *_keys(person)]

    for line in in_app(open_installation(), work):
        click.echo(line)


@people.command()
@click.argument("login")
def disable(login: str) -> None:
    """End every sign-in of a person, and let her begin none. API keys that are bound to her rest meanwhile."""

    def work() -> tuple[standing.Ended, list[str]]:
        ended = in_transaction(lambda: standing.disable(login))
        return ended, [line for line in _keys(ended.person) if line.endswith(GOES_ON)]

    ended, going_on = in_app(open_installation(), work)
    click.echo(f"{ended.person.name} is disabled: {_number(ended.sign_ins)} ended.")
    for line in going_on:
        click.echo(line)


@people.command()
@click.argument("login")
def enable(login: str) -> None:
    """Let a person sign in again, and the API keys that are bound to her work again."""
    person = in_app(open_installation(), lambda: in_transaction(lambda: standing.enable(login)))
    click.echo(f"{person.name} can sign in again.")


@people.command()
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="Read the new password from the first line of what comes in.")
def reset(login: str, password_stdin: bool) -> None:
    """Give a person a new password, a random one that is printed once, and end every sign-in of hers."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _random()

    def work() -> standing.Ended:
        whose = in_transaction(lambda: standing.whose(login))
        fresh = standing.fresh_hash(whose, password)
        return in_transaction(lambda: standing.reset(login, fresh))

    ended = in_app(open_installation(), work)
    click.echo(f"{ended.person.name} has a new password: {_number(ended.sign_ins)} ended.")
    if ended.person.disabled_at is not None:
        click.echo(f"She stays disabled: `orderbell people enable {login}` lets her sign in.")
    if not password_stdin:
        click.echo(f"It is shown this once: {password}")


def _random() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(OF_LETTERS)) for _ in range(GROUPS))


def _number(sign_ins: int) -> str:
    return "1 sign-in" if sign_ins == 1 else f"{sign_ins} sign-ins"


def _told(login: str) -> tuple[Person, list[str]]:
    person = standing.find(login)
    role = "staff of the platform" if person.is_staff else "a person"
    state = "may sign in" if person.disabled_at is None else f"disabled since {rfc3339(person.disabled_at)}"
    lines = [f"{person.name} ({person.email or person.phone}), {role}, {state}; id {person.id}"]
    lines += [f"signed in since {rfc3339(each.created_at)}" for each in sign_in.living_of(person.id)]
    lines += [f"{each.role.value} of {each.name} ({each.merchant_id})" for each in memberships_of(person.id)]
    return person, lines


def _keys(person: Person) -> Iterator[str]:
    # Those of a member are where she works; staff may have made some anywhere.
    hers = in_transaction(lambda: memberships_of(person.id))
    for merchant_id in every_merchant() if person.is_staff else [each.merchant_id for each in hers]:
        for key in in_transaction(partial(keys_shown.living_of, merchant_id, person.id), of(merchant_id)):
            yield f"API key {key.name} ({key.id}) at {merchant_id}: {RESTS if key.is_bound else GOES_ON}"
