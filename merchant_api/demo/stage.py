"""The stage of the story: who plays, at which merchant, with which stock; and the lines that the audience reads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from merchant_api.demo.caller import Caller, CallRefused, StepFailed, until
from merchant_api.demo.data import MERCHANT

PHONE = "demo-phone"
DOES = {
    "accept": "accepts",
    "decline": "declines",
    "payments": "records the payment of",
    "pickup": "hands the courier",
    "deliver": "reports the delivery of",
    "cancel": "cancels",
}
WINDOWS = ("respond_window_s", "pay_window_s", "pay_grace_s")


@dataclass
class Stage:
    """The cast and what they share. `say` takes one line for the audience."""

    owner: Caller
    customer: Caller
    rivals: list[Caller]
    say: Callable[[str], None]
    home: str = ""
    products: dict[str, dict[str, Any]] = field(default_factory=dict)

    def set_up(self) -> dict[str, Any]:
        """Find the demo merchant and its products, and register the owner's phone; gives the windows as they were."""
        mine = self.owner.get("/v1/me")["memberships"]
        ids = [each["merchant_id"] for each in mine if each["name"] == MERCHANT]
        if not ids:
            raise StepFailed(f"{MERCHANT} is not there; start with `up --demo`")
        self.home = f"/v1/merchants/{ids[0]}"
        self.products = {item["sku"]: item for item in self.owner.get(f"{self.home}/products?limit=200")["items"]}
        # An address of Firebase's kind: without credentials, `up` prints what this phone would show.
        address = f"demo-phone-of-the-owner-{ids[0]}"
        self.owner.put(f"/v1/me/devices/{PHONE}", {"kind": "fcm_token", "address": address})
        merchant = self.owner.get(self.home)
        return {name: merchant[name] for name in WINDOWS}

    def windows(self, **seconds: int) -> None:
        """Set the merchant's windows."""
        self.owner.patch(self.home, dict(seconds))

    def stock(self, sku: str, quantity: int) -> None:
        """The owner sets what is available."""
        path = f"{self.home}/products/{self.products[sku]['id']}"
        shown = self.owner.put(f"{path}/stock", {"quantity": quantity, "comment": "the demo's own number"})
        self.say(f"{self.owner.name} sets the stock of {shown['name']} to {quantity}: {shown['mode_reason']}")

    def product(self, sku: str) -> Any:
        """A product as it is now, for the owner."""
        return self.owner.get(f"{self.home}/products/{self.products[sku]['id']}")

    def order(self, sku: str, quantity: int, state: str, who: Caller | None = None) -> Any:
        """Place an order of one line, which must land in `state`."""
        buyer = who or self.customer
        lines = [{"product_id": self.products[sku]["id"], "quantity": quantity}]
        order = buyer.post(f"{self.home}/orders", {"lines": lines})
        line = order["lines"][0]
        self.say(f"{buyer.name} orders {quantity} × {line['name']}: order {order['code']} is {spoken(order['state'])}")
        self.say(f"   because: {line['verdict_reason']}")
        return expect(order, state)

    def orders_at_once(self, sku: str) -> list[Any]:
        """Everybody orders one unit at the same moment; gives the orders, and the refusals."""
        lines = {"lines": [{"product_id": self.products[sku]["id"], "quantity": 1}]}

        def one(buyer: Caller) -> Any:
            try:
                return buyer.post(f"{self.home}/orders", lines)
            except CallRefused as refused:
                return refused

        with ThreadPoolExecutor(len(self.rivals)) as threads:
            return list(threads.map(one, self.rivals))

    def step(self, order: dict[str, Any], step: str, state: str, body: dict[str, Any] | None = None) -> Any:
        """The owner takes a step of an order, which must land in `state`."""
        answer = self.owner.post(f"{self.home}/orders/{order['id']}/{step}", body)
        told = answer.get("order", answer)
        self.say(f"{self.owner.name} {DOES[step]} order {order['code']}: it is {spoken(told['state'])}")
        return expect(told, state)

    def pay(self, order: dict[str, Any]) -> Any:
        """The payment provider reports the whole sum."""
        return self.step(order, "payments", "confirmed", {"amount": order["total"], "reference": f"demo-{uuid4().hex}"})

    def waits(self, order: dict[str, Any], what: str, is_so: Callable[[dict[str, Any]], bool]) -> Any:
        """The order once something has become true of it, by a job and nobody's hand."""

        def look() -> dict[str, Any] | None:
            now = self.owner.get(f"{self.home}/orders/{order['id']}")
            return now if is_so(now) else None

        found = until(look, f"order {order['code']} {what}")
        self.say(f"By itself: order {order['code']} {what}")
        return found

    def hears(self, who: Caller, order: dict[str, Any], event_type: str) -> dict[str, Any]:
        """Somebody's notification of the order, read aloud."""
        item = who.told(order["id"], event_type)
        self.say(f"   ✉ {who.name} reads: {item['title']} | {item['body']}")
        return item

    def rings(self, order: dict[str, Any], event_type: str) -> None:
        """The push reached the owner's phone."""

        def look() -> str | None:
            states = [each["state"] for each in self.owner.told(order["id"], event_type)["deliveries"]]
            over = [state for state in states if state != "pending"]
            return over[0] if over else None

        state = until(look, f"the push of {event_type} is sent")
        if state != "sent":
            raise StepFailed(f"the push of {event_type} to the owner's phone is {state}, not sent")
        self.say(f"   ☎ the phone of {self.owner.name} rings")


def expect(order: dict[str, Any], state: str) -> dict[str, Any]:
    """The order, which must be in the state. Refused: StepFailed."""
    if order["state"] != state:
        raise StepFailed(f"order {order['code']} is {order['state']}, where it should be {state}")
    return order


def spoken(word: str) -> str:
    """A word for programs as people say it."""
    return word.replace("_", " ")
