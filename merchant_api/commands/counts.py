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
from merchant_api.commands import counts_told
from merchant_api.commands.in_app import in_app
from merchant_api.core import csv_in, tenancy
from merchant_api.core.actor import Actor
from merchant_api.core.db import in_transaction, make_room
from merchant_api.core.errors import NotFound
from merchant_api.server.installation import open_installation
from merchant_api.stock.sessions import csv_import, csv_lines, find, lock, start
from merchant_api.stock.sessions.csv_columns import FIELDS
from merchant_api.stock.sessions.csv_errors import BadLines
from merchant_api.stock.sessions.csv_header import CountFileWish
from merchant_api.stock.sessions.csv_import import CountFileDraft
from merchant_api.stock.sessions.csv_lines import CsvLine
from merchant_api.stock.sessions.csv_report import CountFileReport
from merchant_api.stock.sessions.errors import NoStagedSession

MOST_LINES = 500_000  # some 500 MB of memory
LONG = 2_000  # lines from which on a bar is shown
STEP = 1_000


@click.group()
def counts() -> None:
    """Counts of stock."""


@dataclass(frozen=True, slots=True)
class CountFile:
    """Where a file is counted, in whose name, whether a session is started where there is none, and how it is read."""

    merchant_id: UUID
    login: str
    starts: bool
    how: CountFileWish


def _columns(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    columns = {}
    for each in given:
        key, equals, name = each.partition("=")
        if key not in FIELDS or not equals or (key in ("sku", "quantity") and not name.strip()):
            raise click.BadParameter(f"say it as FIELD=NAME, with FIELD one of {', '.join(FIELDS)}.")
        columns[key] = name
    return columns


@counts.command(name="import")
@click.argument("file", type=click.File("rb"))
@click.option("--merchant", "merchant_id", type=click.UUID, required=True, help="Whose stock was counted.")
@click.option("--by", "login", required=True, help="Who counted: the login of a member or of the platform's staff.")
@click.option("--start", "starts", is_flag=True, help="Start a staged session where there is none.")
@click.option(
    "--column", "columns", multiple=True, callback=_columns, help='A column by hand, as quantity="On hand (new)".'
)
@click.option("--ignore-unknown", "ignores", is_flag=True, help="Leave out columns and products that are unknown.")
def import_counts(
    file: BinaryIO, merchant_id: UUID, login: str, starts: bool, columns: dict[str, str], ignores: bool
) -> None:
    """Count what FILE says into the staged session; "-" reads standard input.

    FILE is CSV or .xlsx with a header: sku and quantity, and where they are needed location, grade and comment; exports
    of other systems are known too. Nothing that is for sale changes before somebody closes the live session.
    docs/counting.md says more.
    """
    raw, wish = file.read(), CountFile(merchant_id, login, starts, CountFileWish(columns, ignores))
    is_short = csv_in.line_count(raw) < LONG
    installation = open_installation()
    try:
        with Progress(console=Console(stderr=True), disable=is_short) as bar:
            report = in_app(installation, lambda: _work(raw, wish, bar))
    except BadLines as bad:
        counts_told.bad_lines(bad)
        sys.exit(1)
    counts_told.report(report)


def _work(raw: bytes, wish: CountFile, bar: Progress) -> CountFileReport:
    draft = _read(raw, wish.how, bar)
    counting = bar.add_task("Counting", total=None)
    return in_transaction(lambda: _count(draft, wish, bar, counting), tenancy.of(wish.merchant_id))


def _read(raw: bytes, how: CountFileWish, bar: Progress) -> CountFileDraft:
    draft, lines = CountFileDraft(how), csv_in.line_count(raw)
    reading = bar.add_task("Reading", total=lines)
    for number, item in enumerate(csv_lines.parsed(raw, MOST_LINES, how), 1):
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
    found = csv_import.find_cells(wish.merchant_id, draft)
    session_id = lock.counting(wish.merchant_id).session_id
    bar.reset(counting, total=len(found.cells))
    counted: dict[CsvLine, UUID] = {}
    for batch in csv_import.count_lines(wish.merchant_id, found.cells, actor):
        counted.update(batch)
        bar.advance(counting, len(batch))
    return csv_import.report(session_id, draft, found, counted)


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
