"""Events of the kind `webhook`: what a provider that signs after Standard Webhooks sends."""

from marshmallow import fields, validate

from merchant_api.core.schema import In, InstantIn, MoneyIn, Text

PAID, REFUNDED, REFUND_FAILED = "payment.succeeded", "payment.refunded", "payment.refund_failed"


class MoneyCameIn(In):
    """A payment. Its order by id, or by the reference with which it was placed as prepaid."""

    reference = Text(most=200, required=True)
    amount = MoneyIn(least=1, required=True)
    paid_at = InstantIn(required=True)
    order_id = fields.UUID()
    payment_reference = Text(most=200)


class MoneyWentBackIn(In):
    """A refund of a payment, which is named by its own `reference`."""

    reference = Text(most=200, required=True)
    refund_reference = Text(most=200, required=True)
    amount = MoneyIn(least=1, required=True)
    reason = Text(most=200)


class PaidIn(In):
    """Money came in."""

    type = fields.String(required=True)
    timestamp = InstantIn()
    data = fields.Nested(MoneyCameIn, required=True)


class RefundedIn(In):
    """Money went back, or did not after all."""

    type = fields.String(required=True)
    timestamp = InstantIn()
    data = fields.Nested(MoneyWentBackIn, required=True)


class AboutMoneyIn(In):
    """What `data` may hold; which of it must be there depends on the type."""

    reference = Text(most=200, required=True)
    amount = MoneyIn(least=1, required=True)
    paid_at = InstantIn(metadata={"description": "Needed for payment.succeeded."})
    order_id = fields.UUID(metadata={"description": "The order that was paid."})
    payment_reference = Text(most=200, metadata={"description": "The reference with which it was placed as prepaid."})
    refund_reference = Text(most=200, metadata={"description": "Needed for refunds: one name for each."})
    reason = Text(most=200)


class SignedEventIn(In):
    """An event of a provider, as it is documented: other types are taken and ignored."""

    type = fields.String(required=True, validate=validate.OneOf([PAID, REFUNDED, REFUND_FAILED]))
    timestamp = InstantIn()
    data = fields.Nested(AboutMoneyIn, required=True)
