"""What shoppers and the merchant do with orders in Medusa, by its Store and Admin API."""

from collections.abc import Mapping
from typing import Any

from tests.shops.medusa_api import MedusaApi
from tests.shops.medusa_fitting import COUNTRY, CURRENCY, MedusaFittings, by_key

ADDRESS = {
    "first_name": "Asha",
    "last_name": "Gurung",
    "address_1": "Lakeside 6",
    "city": "Pokhara",
    "country_code": COUNTRY,
    "phone": "+9779800000001",
}


class MedusaSales:
    """Orders of variants, by their ids."""

    def __init__(self, address: str, fittings: MedusaFittings) -> None:
        self._made = fittings
        self._store = MedusaApi(address, {"x-publishable-api-key": fittings.publishable_key})
        self._admin = by_key(address, fittings.secret_key)

    def place(self, lines: Mapping[str, int], *, is_paid: bool = True) -> str:
        """A cart is filled, paid and completed; `is_paid`: the merchant has taken the money, too."""
        items = [{"variant_id": variant, "quantity": units} for variant, units in lines.items()]
        cart = self._store.post(
            "/store/carts",
            region_id=self._made.region,
            email="asha@example.com",
            items=items,
            shipping_address=ADDRESS,
        )["cart"]["id"]
        self._store.post(f"/store/carts/{cart}/shipping-methods", option_id=self._made.shipping)
        payment = self._store.post("/store/payment-collections", cart_id=cart)["payment_collection"]["id"]
        self._store.post(f"/store/payment-collections/{payment}/payment-sessions", provider_id="pp_system_default")
        order: str = self._store.post(f"/store/carts/{cart}/complete")["order"]["id"]
        if is_paid:
            self.capture(order)
        return order

    def draft(self, lines: Mapping[str, int]) -> str:
        """An order that the merchant writes down, and that is none yet."""
        items = [{"variant_id": variant, "quantity": units} for variant, units in lines.items()]
        draft = self._admin.post(
            "/admin/draft-orders",
            region_id=self._made.region,
            sales_channel_id=self._made.sales_channel,
            email="asha@example.com",
            items=items,
            currency_code=CURRENCY,
        )
        return str(draft["draft_order"]["id"])

    def convert(self, draft: str) -> None:
        """Make a draft an order."""
        self._admin.post(f"/admin/draft-orders/{draft}/convert-to-order")

    def look(self, order: str, fields: str = "*items,*fulfillments,*payment_collections.payments") -> Any:
        """The order, as its merchant sees it."""
        return self._admin.get(f"/admin/orders/{order}?fields={fields}")["order"]

    def capture(self, order: str) -> None:
        """Take the money that was promised."""
        for collection in self.look(order)["payment_collections"]:
            for payment in collection["payments"]:
                self._admin.post(f"/admin/payments/{payment['id']}/capture")

    def edit(self, order: str, lines: Mapping[str, int]) -> None:
        """Change how many of each variant are ordered; a variant that is not in the order is added."""
        items = {item["variant_id"]: item["id"] for item in self.look(order)["items"]}
        self._admin.post("/admin/order-edits", order_id=order)
        for variant, units in lines.items():
            if variant in items:
                self._admin.post(f"/admin/order-edits/{order}/items/item/{items[variant]}", quantity=units)
            else:
                self._admin.post(
                    f"/admin/order-edits/{order}/items", items=[{"variant_id": variant, "quantity": units}]
                )
        self._admin.post(f"/admin/order-edits/{order}/confirm")

    def cancel(self, order: str) -> None:
        """Cancel all of it, and before that what was sent out of it."""
        for parcel in self.look(order)["fulfillments"]:
            if not parcel["canceled_at"]:
                self._admin.post(f"/admin/orders/{order}/fulfillments/{parcel['id']}/cancel")
        self._admin.post(f"/admin/orders/{order}/cancel")

    def fulfil(self, order: str, *, is_delivered: bool = True) -> None:
        """Send all of it out, and let it arrive."""
        items = [{"id": item["id"], "quantity": item["quantity"]} for item in self.look(order)["items"]]
        self._admin.post(f"/admin/orders/{order}/fulfillments", items=items, location_id=self._made.location)
        (parcel,) = (each for each in self.look(order)["fulfillments"] if not each["canceled_at"])
        there = f"/admin/orders/{order}/fulfillments/{parcel['id']}"
        self._admin.post(f"{there}/shipments", items=items)
        if is_delivered:
            self._admin.post(f"{there}/mark-as-delivered")

    def take_back(self, order: str, units: int, *, is_damaged: bool = False) -> None:
        """The shopper sends units of the first line back, and the merchant receives them."""
        line = self.look(order)["items"][0]["id"]
        items = [{"id": line, "quantity": units}]
        made = self._admin.post("/admin/returns", order_id=order, location_id=self._made.location)["return"]["id"]
        self._admin.post(f"/admin/returns/{made}/request-items", items=items)
        self._admin.post(f"/admin/returns/{made}/request")
        self._admin.post(f"/admin/returns/{made}/receive")
        self._admin.post(f"/admin/returns/{made}/{'dismiss' if is_damaged else 'receive'}-items", items=items)
        self._admin.post(f"/admin/returns/{made}/receive/confirm")
