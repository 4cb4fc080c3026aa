"""Apply money that came in: as a new payment of the order that it names, or to the payment that is known already.

The same money may be told of more than once (by a checkout and by its payment, by the merchant who placed the order as
prepaid): it is one payment. Other money under a name that is taken is never swallowed.
"""

from uuid import UUID

from sqlalchemy import and_, or_, select

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.orders.errors import ReferenceUsed
from merchant_api.orders.models import Order
from merchant_api.orders.money import pay, payment_moves
from merchant_api.orders.money.pay import PaymentReport, Through
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.states import ParkedReason
from merchant_api.providers.events import PaymentSucceeded
from merchant_api.providers.models import PaymentProvider
from merchant_api.providers.reading import id_of
from merchant_api.providers.result import Applied, Result, Unmatched, UnmatchedReason, Waits


def apply(provider: PaymentProvider, event: PaymentSucceeded, actor: Actor) -> Result:
    """Record the money, or find it recorded."""
    known = _known(provider, event)
    hinted = _order_hinted(provider.merchant_id, event.hint)
    if known is not None:
        return _confirm(provider, event, known, actor, event.order_id or hinted)
    order_id = event.order_id or _order_named(provider.merchant_id, event.named) or hinted
    if order_id is None:
        return Waits(UnmatchedReason.NAMES_NO_ORDER if event.named is None else UnmatchedReason.NO_SUCH_PAYMENT)
    return _record(provider, event, order_id, actor)


def _known(provider: PaymentProvider, event: PaymentSucceeded) -> Payment | None:
    """The payment that this money is: by the provider's name for it, else one that no provider has told of yet.

    What was said beforehand under the merchant's reference is this money only if it is as much.
    """
    is_told = and_(Payment.provider_id == provider.id, Payment.provider_reference == event.reference)
    names = [event.reference] if event.named is None else [event.reference, event.named]
    is_untold = and_(Payment.provider_id.is_(None), Payment.reference.in_(names))
    rows = select(Payment).where(Payment.merchant_id == provider.merchant_id, or_(is_told, is_untold))
    found = session().execute(rows.execution_options(populate_existing=True)).scalars().all()
    by_its_name = [each for each in found if event.reference in (each.provider_reference, each.reference)]
    said_before = [each for each in found if each.reference == event.named and _is_same_money(each, event)]
    return next(iter(sorted(by_its_name, key=lambda each: each.provider_id is None) + said_before), None)


def _order_named(merchant_id: UUID, named: str | None) -> UUID | None:
    """The order of a payment by that reference, which is other money: as much came already, or more or less."""
    rows = select(Payment.order_id).where(Payment.merchant_id == merchant_id, Payment.reference == named)
    return None if named is None else session().execute(rows).scalar_one_or_none()


def _order_hinted(merchant_id: UUID, hint: str | None) -> UUID | None:
    """The merchant's order that has this id or code; what is none of his may be anything, and names nothing."""
    if hint is None:
        return None
    rows = select(Order.id).where(Order.merchant_id == merchant_id)
    order_id = id_of(hint)
    rows = rows.where(Order.code == hint.strip().upper() if order_id is None else Order.id == order_id)
    return session().execute(rows).scalar_one_or_none()


def _confirm(
    provider: PaymentProvider, event: PaymentSucceeded, known: Payment, actor: Actor, order_id: UUID | None
) -> Result:
    if order_id not in (None, known.order_id):
        return Unmatched(UnmatchedReason.OTHER_ORDER)
    _, payment = payment_moves.lock(provider.merchant_id, known.id, actor)
    if not _is_same_money(payment, event):
        return Unmatched(UnmatchedReason.OTHER_AMOUNT)
    if payment.provider_id is None:
        payment_moves.came_through(payment, _through(provider, event))
    return Applied(payment.id)


def _is_same_money(payment: Payment, event: PaymentSucceeded) -> bool:
    figure = event.figure
    if payment.currency != figure.money.currency:
        return False
    if payment.provider_amount is not None:
        return payment.provider_amount == figure.provider_amount
    return figure.is_exact and payment.amount == figure.money.amount


def _record(provider: PaymentProvider, event: PaymentSucceeded, order_id: UUID, actor: Actor) -> Result:
    figure = event.figure
    if figure.money.amount == 0:
        return Unmatched(UnmatchedReason.AMOUNT_NOT_EXACT)
    doubt = None if figure.is_exact else ParkedReason.AMOUNT_NOT_EXACT
    report = PaymentReport(figure.money, event.reference, event.paid_at, _through(provider, event), doubt)
    try:
        return Applied(pay.pay(provider.merchant_id, order_id, report, actor).payment.id)
    except NotFound:
        return Waits(UnmatchedReason.NO_SUCH_ORDER)
    except ReferenceUsed:
        return Unmatched(UnmatchedReason.REFERENCE_USED)


def _through(provider: PaymentProvider, event: PaymentSucceeded) -> Through:
    return Through(provider.id, event.reference, event.figure.provider_amount)
