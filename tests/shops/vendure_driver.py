"""The kit's driver of a real Vendure: everything by its own Admin and Shop API."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from merchant_api.channels import connectors
from merchant_api.channels.connector import PASS_S, ShopAccess, WebShop
from merchant_api.channels.kinds.vendure.connector import CONNECTOR
from merchant_api.channels.shop_levels import ItemRef, LevelOutcome, LevelWanted, ShopLevel
from merchant_api.channels.states import ChannelKind
from merchant_api.channels.wire import ShopWire
from outside.calls import Calls
from outside.exchange import Outside
from outside.reach import Reach
from tests.shops import vendure_asks as asks
from tests.shops import vendure_seed
from tests.shops.node import NodeProgram, project
from tests.shops.vendure_api import PASSWORD, USER, VendureApi
from tests.shops.vendure_steps import OrderSteps

FOLDER = Path(__file__).with_name("vendure")
MORE_THAN_ANY = 900_000_000


def level_of(driver: "VendureDriver", shop_id: str) -> ShopLevel:
    """What our connector reads."""
    (level,) = driver.open().read_levels([ItemRef(shop_id)])
    assert isinstance(level, ShopLevel)
    return level


def set_level(driver: "VendureDriver", shop_id: str, level: int) -> LevelOutcome:
    """What comes of it when our connector sets it."""
    (outcome,) = driver.open().set_levels([LevelWanted(ItemRef(shop_id), level)])
    return outcome


class VendureDriver(OrderSteps):
    """A shop on a port and a database of its own, set up and open for orders."""

    kind = ChannelKind.VENDURE
    currency = "NPR"
    abilities = frozenset({"cancel", "cancel_part", "edit", "fulfil", "stop"})
    credentials: Mapping[str, str] = {"username": USER, "password": PASSWORD}
    wrong_credentials: Mapping[str, str] = {"username": USER, "password": "another"}
    unknown_order = "99999999"
    most_set = CONNECTOR.abilities.most_set
    rereads_open = CONNECTOR.abilities.rereads_open

    def __init__(self, folder: Path, database: str, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.api = VendureApi(self.address)
        told = {"SHOP_PORT": str(port), "SHOP_DATABASE": database, "SHOP_USER": USER, "SHOP_PASSWORD": PASSWORD}
        where = project(FOLDER, folder)
        self._program = NodeProgram(["node", "server.mjs"], where, told, f"{self.address}/health")

    def set_up(self) -> "VendureDriver":
        """Start it for the first time, with what a shop needs before somebody can order."""
        self.start()
        vendure_seed.fill(self.api, self.currency)
        return self

    def open(
        self, location: str | None = None, credentials: Mapping[str, str] | None = None, **options: Any
    ) -> WebShop:
        access = ShopAccess(self.address, credentials or self.credentials, self.currency, location, options)
        reach = Reach(opened=frozenset({urlsplit(self.address).netloc}))
        return connectors.of(self.kind).open(access, ShopWire(Calls(Outside(reach), PASS_S), self.address, {}))

    def open_with(self, credentials: Mapping[str, str]) -> WebShop:
        return self.open(credentials=credentials)

    def add_item(self, sku: str | None, name: str, level: int, price: int = 1500) -> str:
        named = [{"languageCode": "en", "name": name, "slug": "", "description": ""}]
        product = self.api.admin(asks.ADD_PRODUCT, input={"translations": named})
        variant = {
            "productId": product["id"],
            "sku": sku or "",
            "price": price,
            "stockOnHand": level,
            "translations": [{"languageCode": "en", "name": name}],
        }
        (made,) = self.api.admin(asks.ADD_VARIANT, input=[variant])
        return str(made["id"])

    def level(self, shop_id: str) -> int:
        """What a shopper is told who asks for more than there can be."""
        said = self.api.shopper().ask(asks.TAKE, variant=shop_id, quantity=MORE_THAN_ANY)
        return int(said["quantityAvailable"])

    def stock(self, shop_id: str) -> dict[str, Any]:
        """The variant's stock as the merchant sees it."""
        found: dict[str, Any] = self.api.admin(asks.READ_VARIANT, id=shop_id)
        return found

    def put_level(self, shop_id: str, level: int) -> None:
        (first, *_) = self.stock(shop_id)["stockLevels"]
        stands = level + first["stockAllocated"]
        self.set_variant(shop_id, stockLevels=[{"stockLocationId": first["stockLocationId"], "stockOnHand": stands}])

    def set_variant(self, shop_id: str, **fields: Any) -> None:
        """The merchant changes fields of a variant."""
        self.api.admin(asks.SET_VARIANT, input=[{"id": shop_id, **fields}])

    def order(self, lines: Mapping[str, int], method: str = "counter") -> str:
        shopper = self.api.shopper()
        for shop_id, quantity in lines.items():
            shopper.ask(asks.ADD_LINE, variant=shop_id, quantity=quantity)
        shopper.ask(asks.SAY_WHO, input=asks.SHOPPER)
        (post, *_) = shopper.ask(asks.READ_METHODS)
        shopper.ask(asks.CHOOSE_METHOD, method=[post["id"]])
        shopper.ask(asks.GO_PAY)
        return str(shopper.ask(asks.PAY, method=method)["id"])

    def add_account(self, name: str, rights: list[str]) -> dict[str, str]:
        """Somebody who may do this in the shop, and no more."""
        role = self.api.admin(asks.ADD_ROLE, input={"code": name, "description": name, "permissions": rights})
        who = {"firstName": "Only", "lastName": "Some", "emailAddress": name, "password": PASSWORD}
        self.api.admin(asks.ADD_ADMIN, input={**who, "roleIds": [role["id"]]})
        return {"username": name, "password": PASSWORD}

    def add_channel(self, name: str, token: str) -> str:
        """Another channel of the shop, with nothing in it."""
        zone = {"defaultTaxZoneId": "1", "defaultShippingZoneId": "1", "pricesIncludeTax": True}
        made = {"code": name, "token": token, "defaultLanguageCode": "en", "defaultCurrencyCode": self.currency}
        return str(self.api.admin(asks.ADD_CHANNEL, input={**made, **zone})["id"])

    def remove(self, shop_id: str) -> None:
        self.api.admin(asks.REMOVE_VARIANT, id=shop_id)

    def calls(self) -> Sequence[str]:
        return ()

    def stop(self) -> None:
        self._program.stop()

    def start(self) -> None:
        self._program.start()
