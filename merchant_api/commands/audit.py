"""`orderbell audit`: ledger, cells, holds, orders and their money, proved against each other."""

import sys
from uuid import UUID

import click

from merchant_api.accounts.merchants import find_merchant
from merchant_api.commands.in_app import in_app
from merchant_api.core import tenancy
from merchant_api.core.db import in_transaction
from merchant_api.orders.figures import audit as orders
from merchant_api.orders.money import audit as money
from merchant_api.server.installation import open_installation
from merchant_api.stock import audit as stock
from merchant_api.stock.report import AuditReport


@click.command()
@click.option("--merchant", "merchant_id", type=click.UUID, help="Only this one; every merchant when not given.")
def audit(merchant_id: UUID | None) -> None:
    """Prove that ledger, cells, holds, orders and payments agree; prints every difference, exits with 1 on any."""

    def work() -> bool:
        chosen = stock.audit_all() if merchant_id is None else [stock.audit(find_merchant(merchant_id).id)]
        found = [_print_report(report) for report in chosen]  # every one is printed, also after a difference
        return all(found)

    if not in_app(open_installation(), work):
        sys.exit(1)


def _print_report(report: AuditReport) -> bool:
    for line in report.lines():
        click.echo(line)
    strays = in_transaction(lambda: orders.audit(report.merchant_id), tenancy.of(report.merchant_id))
    sums = in_transaction(lambda: money.audit(report.merchant_id), tenancy.of(report.merchant_id))
    for line in [line for stray in strays for line in stray.lines()] + [line for each in sums for line in each.lines()]:
        click.echo(line)
    return report.is_clean and not strays and not sums
