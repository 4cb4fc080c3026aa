"""Fields whose value depends on who reads: what only members, staff and integrations see of stock and places."""

from typing import Any

from marshmallow import fields, missing

from merchant_api.core import reader

_SELLERS = "Only for members, staff and integrations"


class SellersInteger(fields.Integer):
    """A figure that is left out for who is no seller."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"description": f"{_SELLERS}; left out for others."}, **options)

    def serialize(self, attr: str, obj: Any, *given: Any, **named: Any) -> Any:
        """The figure, or nothing at all."""
        return super().serialize(attr, obj, *given, **named) if reader.is_seller() else missing


class SellersFloat(fields.Float):
    """A number that is null for who is no seller."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"description": f"{_SELLERS}; null for others."}, allow_none=True, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **named: Any) -> Any:
        return super()._serialize(value, attr, obj, **named) if reader.is_seller() else None


class Available(fields.Integer):
    """on_hand - held; for who is no seller never below 0, which would tell what others were promised."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            metadata={"description": "on_hand - held; at least 0 for who is no member, staff or integration."},
            **options,
        )

    def _serialize(self, value: Any, attr: str | None, obj: Any, **named: Any) -> Any:
        shown = super()._serialize(value, attr, obj, **named)
        return shown if shown is None or reader.is_seller() else max(int(shown), 0)
