"""What the merchant of a Vendure does with an order, as its own screens do it."""

from collections.abc import Mapping
from typing import Any

from tests.shops import vendure_asks as asks
from tests.shops.vendure_api import VendureApi


class OrderSteps:
    """The part of the driver that is about one order."""

    api: VendureApi

    def cancel(self, external_id: str, lines: Mapping[str, int] | None = None) -> None:
        some = None if lines is None else self._lines(external_id, lines)
        self.api.admin(asks.CANCEL, input={"orderId": external_id, "lines": some, "cancelShipping": lines is None})
        self._give_back(external_id)

    def edit(self, external_id: str, lines: Mapping[str, int]) -> None:
        self.api.admin(asks.MOVE_ORDER, id=external_id, state="Modifying")
        found = self.api.admin(asks.READ_ORDER, id=external_id)
        changes = {"orderId": external_id, "dryRun": False, "adjustOrderLines": self._lines(external_id, lines)}
        refund = {"paymentId": found["payments"][0]["id"], "reason": "edited"}
        after = self.api.admin(asks.EDIT, input={**changes, "refund": refund})
        for each in self.api.admin(asks.READ_ORDER, id=external_id)["payments"]:
            for made in each["refunds"]:
                self._settle(made)
        if after["totalWithTax"] > found["totalWithTax"]:
            self.api.admin(asks.MOVE_ORDER, id=external_id, state="ArrangingAdditionalPayment")
            rest = {"orderId": external_id, "method": "counter", "transactionId": "1", "metadata": {}}
            self.api.admin(asks.PAY_REST, input=rest)
        self.api.admin(asks.MOVE_ORDER, id=external_id, state="PaymentSettled")

    def fulfil(self, external_id: str) -> None:
        found = self.api.admin(asks.READ_ORDER, id=external_id)
        lines = [
            {"orderLineId": each["id"], "quantity": each["quantity"]} for each in found["lines"] if each["quantity"]
        ]
        sent = self.api.admin(asks.FULFIL, input={"lines": lines, "handler": asks.BY_HAND})
        for state in ("Shipped", "Delivered"):
            self.api.admin(asks.MOVE_FULFILMENT, id=sent["id"], state=state)

    def _give_back(self, external_id: str) -> None:
        """Pay back what was paid for units that are cancelled, without which an order can't be edited any more."""
        found = self.api.admin(asks.READ_ORDER, id=external_id)
        paid = {each["id"]: each["amount"] - sum(one["total"] for one in each["refunds"]) for each in found["payments"]}
        owed = sum(paid.values()) - found["totalWithTax"]
        for payment, amount in paid.items():
            refund = {"paymentId": payment, "amount": min(owed, amount), "reason": "cancelled"}
            owed -= refund["amount"]
            if refund["amount"]:  # with the amount alone, as its API wants it, it fails
                self._settle(self.api.admin(asks.REFUND, input={**refund, "shipping": 0, "adjustment": 0}))

    def _settle(self, refund: dict[str, str]) -> None:
        if refund["state"] == "Pending":
            self.api.admin(asks.SETTLE_REFUND, input={"id": refund["id"], "transactionId": "back"})

    def _lines(self, external_id: str, lines: Mapping[str, int]) -> list[dict[str, Any]]:
        found = self.api.admin(asks.READ_ORDER, id=external_id)["lines"]
        ids = {each["productVariant"]["id"]: each["id"] for each in found}
        return [{"orderLineId": ids[shop_id], "quantity": quantity} for shop_id, quantity in lines.items()]
