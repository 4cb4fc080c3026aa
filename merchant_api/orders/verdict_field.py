"""The code of a verdict in replies, for clients that act on it: the words beside it are the reader's."""

from typing import Any

from marshmallow import fields

from merchant_api.orders.unproven import code_of


class VerdictCodeOut(fields.String):
    """What was decisive: `stock`, `backorder`, `not_tracked`, `unproven`, and in carts what refuses a line."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else code_of(value)
