"""The merchants, products and people of a run, made by the API itself, each with the phone on which he is told."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.chaos.plan import CUSTOMERS, HOT_PRODUCTS, MERCHANTS, Kind, Size
from tests.fakes.push_receiver import PushReceiver

STAFF = "staff@chaos.example"
PASSWORD = secrets.token_urlsafe(18)
GRANTED = ["orders.place", "orders.read", "orders.decide", "orders.cancel", "orders.pay", "products.read"]
PLENTY = 100_000
PATIENCE_S = 30


@dataclass(slots=True)
class Customer:
    """Somebody who orders for himself."""

    login: str
    token: str
    endpoint: str
    _lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant: its key for orders on behalf of others, the owner's phone, its products by kind."""

    id: str
    key: str
    endpoint: str
    products: dict[tuple[Kind, int], str]


class Market:
    """All of them, on the API at a port."""

    def __init__(self, port: int, phones: PushReceiver, size: Size) -> None:
        self._root = f"http://127.0.0.1:{port}/v1"
        self._phones = phones
        self._size = size
        self._wire = requests.Session()
        self._wire.trust_env = False
        self.customers: list[Customer] = []
        self.shops: list[Shop] = []

    def open(self) -> "Market":
        """Make everything, as staff; a person of the platform's staff is there already."""
        staff = self._sign_in(STAFF)
        self.customers = [self._customer(f"customer{n}@chaos.example") for n in range(CUSTOMERS)]
        self.shops = [self._shop(n, staff) for n in range(MERCHANTS)]
        return self

    def token_of(self, customer: int) -> Callable[[bool], str]:
        """Gives the access token of a customer, who signs in again where it has run out."""
        whose = self.customers[customer]

        def token(is_over: bool) -> str:
            with whose._lock:
                if is_over:
                    reply = requests.post(
                        f"{self._root}/auth/login",
                        json={"login": whose.login, "password": PASSWORD},
                        timeout=PATIENCE_S,
                    )
                    whose.token = reply.json().get("access_token", whose.token)
                return whose.token

        return token

    def _shop(self, number: int, staff: str) -> Shop:
        login = f"owner{number}@chaos.example"
        owner = self._register(login)
        opened = {"name": f"Shop {number}", "time_zone": "Asia/Kathmandu", "currency": "NPR", "owner": login}
        merchant = self._post(staff, "/merchants", opened)["id"]
        below = f"/merchants/{merchant}"
        self._send("PATCH", owner, below, {"unpaid_orders_cap": 10_000})
        # Who registers by himself is asked about beyond a limit, where there is one: here he is taken at his word.
        self._send("PATCH", owner, below, {"unproven_open_orders": 0}, may_fail=True)
        asked = {"name": "front", "permissions": GRANTED}
        key = self._post(owner, f"{below}/api-keys", asked)["key"]
        made = {
            (Kind.HOT, n): self._product(owner, below, f"HOT-{n}", self._size.hot_units, "refuse")
            for n in range(number, HOT_PRODUCTS, MERCHANTS)
        }
        made[Kind.REQUEST, number] = self._product(owner, below, "BOWL", 0, "ask")
        made[Kind.PLENTY, number] = self._product(owner, below, "MUG", PLENTY, "ask")
        return Shop(merchant, key, self._phone(owner), made)

    def _product(self, owner: str, below: str, sku: str, stock: int, when_short: str) -> str:
        wanted = {
            "sku": sku,
            "name": f"The {sku}",
            "price": {"amount": 45_000, "currency": "NPR"},
            "status": "published",
            "fulfilment": "none",
            "when_short": when_short,
            "stock": stock,
        }
        return str(self._post(owner, f"{below}/products", wanted)["id"])

    def _customer(self, login: str) -> Customer:
        token = self._register(login)
        return Customer(login, token, self._phone(token))

    def _phone(self, token: str) -> str:
        """A browser of whoever has the token; gives where it is told."""
        key = self._send("GET", token, "/push-key", None)["public_key"]
        browser = self._phones.subscribe(key)
        given = {"kind": "web_push", "address": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth}
        self._send("PUT", token, f"/me/devices/{secrets.token_hex(8)}", given)
        return browser.endpoint

    def _register(self, login: str) -> str:
        given = {"login": login, "password": PASSWORD, "name": login.partition("@")[0]}
        return str(self._post("", "/auth/register", given)["access_token"])

    def _sign_in(self, login: str) -> str:
        return str(self._post("", "/auth/login", {"login": login, "password": PASSWORD})["access_token"])

    def _post(self, token: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._send("POST", token, path, body)

    def _send(
        self, method: str, token: str, path: str, body: dict[str, Any] | None, *, may_fail: bool = False
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        reply = self._wire.request(method, self._root + path, json=body, headers=headers, timeout=PATIENCE_S)
        if not reply.ok and not may_fail:
            raise RuntimeError(f"{method} {path}: {reply.status_code} {reply.text}")
        made: dict[str, Any] = reply.json() if reply.content else {}
        return made
