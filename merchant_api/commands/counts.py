"""`orderbell counts`: counts from files, with a progress bar on long ones. All lines of a file are counted, or none."""

import sys
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

import click
from rich.console import Console
from rich.progress import Progress, TaskID

from merchant_api.accounts import on_behalf
from merchant_api.accounts.errors import UnknownPerson
from merchant_api.accounts.merchants import find_merchant
from merchant_api.commands.in_app import in_app
from merchant_api.core import csv_in
from merchant_api.core.actor import Actor
from merchant_api.core.db import in_transaction, make_room
from merchant_api.core.errors import NotFound
from merchant_api.server.installation import open_installation
from merchant_api.stock.sessions import csv_import, csv_lines, find, lock, start
from merchant_api.stock.sessions.csv_errors import BadLines
from merchant_api.stock.sessions.csv_import import CountFileDraft, CountFileReport
from merchant_api.stock.sessions.csv_lines import CsvLine
from merchant_api.stock.sessions.errors import NoStagedSession

MOST_LINES = 500_000  # some 500 MB of memory
LONG = 2_000  # lines from which on a bar is shown
STEP = 1_000


@click.group()
def counts() -> None:
    """Counts of stock."""


@dataclass(frozen=True, slots=True)
class CountFile:
    """Where a file is counted, in whose name, and whether a staged session is started where there is none."""

    merchant_id: UUID
    login: str
    starts: bool


@counts.command(name="import")
@click.argument("file", type=click.File("rb"))
@click.option("--merchant", "merchant_id", type=click.UUID, required=True, help="Whose stock was counted.")
@click.option("--by", "login", required=True, help="Who counted: the login of a member or of the platform's staff.")
@click.option("--start", "starts", is_flag=True, help="Start a staged session where there is none.")
def import_counts(file: BinaryIO, merchant_id: UUID, login: str, starts: bool) -> None:
    """Count what FILE says into the staged session; "-" reads standard input.

    FILE is CSV with a header: sku and quantity, and where they are needed location, grade and comment. Nothing that is
    for sale changes before somebody closes the live session. docs/counting.md says more.
    """
    raw, wish = file.read(), CountFile(merchant_id, login, starts)
    is_short = csv_in.line_count(raw) < LONG
    installation = open_installation()
    try:
        with Progress(console=Console(stderr=True), disable=is_short) as bar:
            report = in_app(installation, lambda: _work(raw, wish, bar))
    except BadLines as bad:
        _print_bad_lines(bad)
        sys.exit(1)
    _print_report(report)


def _work(raw: bytes, wish: CountFile, bar: Progress) -> CountFileReport:
    draft = _read(raw, bar)
    counting = bar.add_task("Counting", total=None)
    return in_transaction(lambda: _count(draft, wish, bar, counting))


def _read(raw: bytes, bar: Progress) -> CountFileDraft:
    draft, lines = CountFileDraft(), csv_in.line_count(raw)
    reading = bar.add_task("Reading", total=lines)
    for number, item in enumerate(csv_lines.parsed(raw, MOST_LINES), 1):
        draft.take(item)
        if number % STEP == 0:
            bar.update(reading, completed=item.line)
    bar.update(reading, completed=lines)
    return draft


def _count(draft: CountFileDraft, wish: CountFile, bar: Progress, counting: TaskID) -> CountFileReport:
    """All of it in the caller's transaction, which may be run again from the start."""
    make_room()
    actor = _actor(wish)
    _begin(wish, actor)
    cells = csv_import.find_cells(wish.merchant_id, draft)
    session_id = lock.counting(wish.merchant_id).session_id
    bar.reset(counting, total=len(cells))
    counted: dict[CsvLine, UUID] = {}
    for batch in csv_import.count_lines(wish.merchant_id, cells, actor):
        counted.update(batch)
        bar.advance(counting, len(batch))
    return csv_import.report(session_id, draft, counted)


def _actor(wish: CountFile) -> Actor:
    try:
        find_merchant(wish.merchant_id)
    except NotFound as error:
        raise click.BadParameter("there is no such merchant.", param_hint="--merchant") from error
    try:
        return on_behalf.actor_of(wish.merchant_id, wish.login, "sessions.count")
    except UnknownPerson as error:
        raise click.BadParameter("nobody signs in like this.", param_hint="--by") from error


def _begin(wish: CountFile, actor: Actor) -> None:
    try:
        find.staged_id(wish.merchant_id)
    except NoStagedSession as error:
        if not wish.starts:
            raise NoStagedSession("No session is being counted: start one, or give --start.") from error
        start.start(wish.merchant_id, actor)


def _print_bad_lines(bad: BadLines) -> None:
    for each in bad.first:
        column = "" if each.column is None else f", {each.column}"
        click.echo(f"line {each.line}{column}: {each.complaint}")
    if len(bad.first) < bad.total:
        click.echo(f"... and {bad.total - len(bad.first):,} more")
    click.echo(f"orderbell: {bad}", err=True)


def _print_report(report: CountFileReport) -> None:
    for each in report.lines:
        line = each.line
        what = "no quantity, skipped" if each.count_id is None else f"{line.quantity} counted"
        click.echo(f"line {line.line}: {line.sku} at {line.location}, grade {line.grade}: {what}")
    skipped = report.rows - report.counted
    click.echo(
        f"{report.counted:,} of {report.rows:,} lines counted into the staged session {report.session_id}"
        + (f", {skipped:,} without a quantity skipped." if skipped else ".")
    )
    click.echo("Nothing that is for sale has changed: look at the preview, then close the live session.")
