"""Apply what a provider tells of a dispute: to the payment that it names, whenever that is known."""

from merchant_api.core.actor import Actor
from merchant_api.orders.money import dispute
from merchant_api.orders.money.dispute import News
from merchant_api.orders.payment_models import Payment
from merchant_api.providers.case import open_case
from merchant_api.providers.events import Disputed
from merchant_api.providers.models import PaymentProvider
from merchant_api.providers.result import Applied, Result, UnmatchedReason, Waits


def apply(provider: PaymentProvider, event: Disputed, actor: Actor) -> Result:
    """Let the dispute, its payment and its order say it; the same news again, and older news, change nothing."""
    case = open_case(provider, event.subject, actor)
    if case is None:
        return Waits(UnmatchedReason.NO_SUCH_PAYMENT)
    news = News(
        provider_id=provider.id,
        reference=event.reference,
        state=event.state,
        amount=_at_stake(event, case.payment),
        reason=event.reason,
        answer_by=event.answer_by,
        opened_at=event.opened_at,
        told_at=event.told_at,
    )
    is_news = dispute.tell(case.locked, case.payment, news, actor)
    case.write(is_changed=is_news)
    return Applied(case.payment.id)


def _at_stake(event: Disputed, payment: Payment) -> int:
    """In our minor units: all of the payment where it is disputed in another currency, or to more than was paid."""
    figure = event.figure
    is_all = figure.provider_amount == payment.provider_amount or figure.money.currency != payment.currency
    return payment.amount if is_all else max(1, min(figure.money.amount, payment.amount))
