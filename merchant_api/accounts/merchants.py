"""Merchants: found, listed, and their settings changed. They are opened in shop/, where stock and places exist."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.errors import TermsNotAllowed
from merchant_api.accounts.lock import lock_merchant
from merchant_api.accounts.models import Merchant
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.paging import LARGEST_PAGE, Page, Window, newest_first


def find_merchant(merchant_id: UUID) -> Merchant:
    """The merchant; raises NotFound."""
    merchant = session().execute(select(Merchant).where(Merchant.id == merchant_id)).scalar_one_or_none()
    if merchant is None:
        raise NotFound
    return merchant


def list_merchants(at: Window) -> Page[Merchant]:
    """A page of all merchants, newest first."""
    return newest_first(select(Merchant), Merchant.id, at)


def every_merchant() -> Iterator[UUID]:
    """The ids of all merchants, newest first, read a page at a time; transactions may end between two of them."""
    at = Window(LARGEST_PAGE)
    while True:
        page = list_merchants(at)
        ids = [merchant.id for merchant in page.items]
        yield from ids
        if page.next is None:
            return
        at = Window(LARGEST_PAGE, (ids[-1],))


def change_merchant(merchant_id: UUID, given: Mapping[str, Any]) -> Merchant:
    """Set the given columns, checked by the schema; windows hold for orders placed from now on.

    Raises NotFound, and TermsNotAllowed when the default would not be among the allowed terms.
    """
    merchant = lock_merchant(merchant_id)
    for name, value in given.items():
        setattr(merchant, name, value)
    check_terms(merchant.allowed_terms, merchant.default_terms)
    session().flush()
    return merchant


def check_terms(allowed: list[str] | None, default: str | None) -> None:
    """Refuse a default that is not allowed; None allows all, and no default. Raises TermsNotAllowed."""
    if allowed is not None and default is not None and default not in allowed:
        why = "The default payment terms must be among the allowed ones."
        raise TermsNotAllowed(why, errors={"default_terms": [why]})
