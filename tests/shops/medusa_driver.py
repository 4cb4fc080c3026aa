"""What the kit does in a real Medusa, by the shop's own Store and Admin API.

Items are inventory items, as our listings keep them; what is bought is the variant that sells each. Medusa cancels
whole orders only, so that a part is cancelled by an edit.
"""

import secrets
from collections.abc import Mapping, Sequence

import psycopg

from merchant_api.channels import connectors
from merchant_api.channels.connector import PASS_S, ShopAccess, WebShop
from merchant_api.channels.kinds.medusa.connector import CONNECTOR
from merchant_api.channels.states import ChannelKind
from merchant_api.channels.wire import ShopWire
from outside.calls import Calls
from outside.exchange import Outside
from outside.reach import Reach
from tests.shops.medusa_api import MedusaApi
from tests.shops.medusa_fitting import CURRENCY, MedusaFittings, by_key
from tests.shops.medusa_program import MedusaProgram
from tests.shops.medusa_sales import MedusaSales


class MedusaDriver:
    """A ShopDriver over a program that runs."""

    kind = ChannelKind.MEDUSA
    currency = CURRENCY.upper()
    abilities = frozenset({"cancel", "cancel_part", "edit", "fulfil", "variants", "stop"})
    wrong_credentials: Mapping[str, str] = {"secret_key": "sk_of_nobody"}
    unknown_order = "order_01"
    most_set = CONNECTOR.abilities.most_set
    rereads_open = CONNECTOR.abilities.rereads_open

    def __init__(self, program: MedusaProgram, fittings: MedusaFittings) -> None:
        self.fittings = fittings
        self.address = program.address
        self.credentials: Mapping[str, str] = {"secret_key": fittings.secret_key}
        self.admin = by_key(program.address, fittings.secret_key)
        self.store = MedusaApi(program.address, {"x-publishable-api-key": fittings.publishable_key})
        self.sales = MedusaSales(program.address, fittings)
        self._program = program

    def run_sql(self, statement: str, *values: object) -> None:
        """Do to the shop's rows what a restore or somebody's script does."""
        with psycopg.connect(self._program.database_url, autocommit=True) as connection:
            connection.execute(statement, values)

    def open(self, location: str | None = None, below: str = "", **credentials: str) -> WebShop:
        connector = connectors.of(self.kind)
        host = self.address.removeprefix("http://")
        calls = Calls(Outside(Reach(opened=frozenset({host}))), PASS_S)
        access = ShopAccess(self.address, {**self.credentials, **credentials}, self.currency, location)
        return connector.open(access, ShopWire(calls, self.address + below, {}))

    def open_with(self, credentials: Mapping[str, str]) -> WebShop:
        return self.open(**credentials)

    def add_item(self, sku: str | None, name: str, level: int, price: int = 1500) -> str:
        product = self.add_product(name, [{"title": "Default variant", "sku": sku}], price)
        item = self.item_of(product["variants"][0]["id"])
        there = {"location_id": self.fittings.location, "stocked_quantity": level}
        self.admin.post(f"/admin/inventory-items/{item}/location-levels", **there)
        return item

    def add_product(self, name: str, variants: Sequence[Mapping[str, object]], price: int = 1500) -> dict:
        """A product with several variants, in the sales channel."""
        prices = [{"currency_code": CURRENCY, "amount": price / 100}]
        made = [{"prices": prices, "options": {"Kind": each["title"]}, **each} for each in variants]
        return self.admin.post(
            "/admin/products",
            title=name,
            handle=f"p-{secrets.token_hex(8)}",  # of a name once, otherwise
            status="published",
            options=[{"title": "Kind", "values": [each["title"] for each in variants]}],
            variants=made,
            sales_channels=[{"id": self.fittings.sales_channel}],
            shipping_profile_id=self.fittings.profile,
        )["product"]

    def item_of(self, variant: str) -> str:
        """The inventory item of a variant."""
        query = f"id={variant}&fields=inventory_items.inventory_item_id"
        (found,) = self.admin.get(f"/admin/product-variants?{query}")["variants"]
        return found["inventory_items"][0]["inventory_item_id"]

    def variant_of(self, shop_id: str) -> dict:
        """The variant that sells an item."""
        found = self.admin.get(f"/admin/inventory-items/{shop_id}?fields=variants.id,variants.product_id")
        return found["inventory_item"]["variants"][0]

    def level(self, shop_id: str) -> int:
        variant = self.variant_of(shop_id)
        there = f"/store/products/{variant['product_id']}?fields=id,*variants,+variants.inventory_quantity"
        shown = self.store.get(there)["product"]["variants"]
        return next(each["inventory_quantity"] for each in shown if each["id"] == variant["id"])

    def put_level(self, shop_id: str, level: int) -> None:
        there = f"/admin/inventory-items/{shop_id}/location-levels"
        levels = self.admin.get(there)["inventory_levels"]
        stands = next(each for each in levels if each["location_id"] == self.fittings.location)
        stocked = level + stands["reserved_quantity"]
        self.admin.post(f"{there}/{self.fittings.location}", stocked_quantity=stocked)

    def order(self, lines: Mapping[str, int]) -> str:
        return self.sales.place(self._by_variant(lines))

    def cancel(self, external_id: str, lines: Mapping[str, int] | None = None) -> None:
        if lines is None:
            self.sales.cancel(external_id)
            return
        units = {each["variant_id"]: each["quantity"] for each in self.sales.look(external_id)["items"]}
        less = self._by_variant(lines)
        self.sales.edit(external_id, {variant: units[variant] - less[variant] for variant in less})

    def edit(self, external_id: str, lines: Mapping[str, int]) -> None:
        self.sales.edit(external_id, self._by_variant(lines))

    def fulfil(self, external_id: str) -> None:
        self.sales.fulfil(external_id)

    def remove(self, shop_id: str) -> None:
        self.admin.delete(f"/admin/products/{self.variant_of(shop_id)['product_id']}")

    def calls(self) -> Sequence[str]:
        return ()

    def stop(self) -> None:
        self._program.stop()

    def start(self) -> None:
        self._program.start()

    def _by_variant(self, lines: Mapping[str, int]) -> dict[str, int]:
        return {self.variant_of(item)["id"]: units for item, units in lines.items()}
