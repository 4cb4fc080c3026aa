"""Draft, published, archived: which status follows which, and the one place where it changes."""

from merchant_api.catalog.errors import WrongStatus
from merchant_api.catalog.models import Product, Status

MOVES: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.PUBLISHED, Status.ARCHIVED}),
    Status.PUBLISHED: frozenset({Status.DRAFT, Status.ARCHIVED}),
    Status.ARCHIVED: frozenset({Status.DRAFT}),
}


def move(product: Product, status: Status) -> None:
    """Give a locked product another status; the same one again changes nothing. Raises WrongStatus."""
    if status is product.status:
        return
    if status not in MOVES[product.status]:
        raise WrongStatus(f"From {product.status} a product can't become {status}.", status_now=product.status)
    product.status = status
