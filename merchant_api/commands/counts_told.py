"""What `orderbell counts import` tells of a file: each wrong line, or what became of each and was left out."""

import click

from merchant_api.stock.sessions.csv_errors import BadLines
from merchant_api.stock.sessions.csv_report import CountFileReport


def bad_lines(bad: BadLines) -> None:
    """Print what is wrong, as far as it is shown."""
    for each in bad.first:
        column = "" if each.column is None else f", {each.column}"
        click.echo(f"line {each.line}{column}: {each.complaint}")
    if len(bad.first) < bad.total:
        click.echo(f"... and {bad.total - len(bad.first):,} more")
    click.echo(f"orderbell: {bad}", err=True)


def report(done: CountFileReport) -> None:
    """Print how the file was read, what became of its lines, and what was left out of it."""
    for each in done.lines:
        line = each.line
        what = "no quantity, skipped" if each.count_id is None else f"{line.quantity} counted"
        click.echo(f"line {line.line}: {line.sku} at {line.location}, grade {line.grade}: {what}")
    for gone in done.left_out:
        click.echo(f"line {gone.line}: {gone.sku or 'a line'} left out: {gone.why}")
    read = ", ".join(f"{key} from {' and '.join(names)}" for key, names in done.columns.items())
    click.echo(f"Read as {done.read_as}: {read}.")
    if done.left_out_columns:
        click.echo(f"Columns that were left out: {', '.join(done.left_out_columns)}.")
    skipped = len(done.lines) - done.counted
    click.echo(
        f"{done.counted:,} of {done.rows:,} lines counted into the staged session {done.session_id}"
        + (f", {skipped:,} without a quantity skipped" if skipped else "")
        + (f", {len(done.left_out):,} left out." if done.left_out else ".")
    )
    click.echo("Nothing that is for sale has changed: look at the preview, then close the live session.")
