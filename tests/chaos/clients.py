"""The clients: each takes the next errand, as far as the gate is open, and sees it to its end."""

import threading
from collections.abc import Callable, Mapping, Sequence

from tests.chaos.caller import Ask, Caller
from tests.chaos.history import History
from tests.chaos.plan import CLIENTS, Again, Answer, Errand, Kind
from tests.chaos.shop import Market

GUESTS = 500


class Gate:
    """How many errands may be begun, how many are done, and whether somebody wants all to stop."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open_to = self._begun = self.done = 0
        self._is_shut = False

    def open_to(self, number: int) -> None:
        """So many may be begun in all."""
        with self._changed:
            self._open_to = number
            self._changed.notify_all()

    def shut(self) -> None:
        """No more may be begun at all."""
        with self._changed:
            self._is_shut = True
            self._changed.notify_all()

    def next(self, last: int) -> int | None:
        """The number of the next errand, None after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_shut or self._begun < self._open_to or self._begun >= last)
            if self._is_shut or self._begun >= last:
                return None
            self._begun += 1
            return self._begun - 1

    def finish(self) -> None:
        """An errand is done."""
        with self._changed:
            self.done += 1


class Clients:
    """All clients on their threads."""

    def __init__(self, market: Market, port: int, errands: Sequence[Errand], history: History) -> None:
        self.gate = Gate()
        self._market = market
        self._port = port
        self._errands = errands
        self._history = history
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(CLIENTS)]
        self.broke: list[BaseException] = []

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def are_busy(self) -> bool:
        """Whether any of them still works."""
        return any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        caller = Caller(self._port, self._history)
        try:
            while (number := self.gate.next(len(self._errands))) is not None:
                self._run(caller, self._errands[number])
                self.gate.finish()
        except BaseException as error:  # a thread has nobody to raise it to; the run fails by it
            self.broke.append(error)
            raise
        finally:
            caller.close()

    def _run(self, caller: Caller, errand: Errand) -> None:
        ask = self._placing(errand)
        order = caller.call(ask, times=2 if errand.again is Again.AT_ONCE else 1)
        if order is not None and errand.again is Again.LATER:
            caller.call(ask)
        if order is None or errand.then is Answer.NONE:
            return
        step = Answer.ACCEPT if errand.then is Answer.PAID else errand.then
        body = {} if step is Answer.ACCEPT else {"reason": "too_busy" if step is Answer.DECLINE else "changed my mind"}
        stands = caller.call(self._after(errand, step, str(order["id"]), body))
        if errand.then is Answer.PAID and stands is not None:
            paid = {"amount": order["total"], "reference": errand.key}
            caller.call(self._after(errand, "payments", str(order["id"]), paid))

    def _placing(self, errand: Errand) -> Ask:
        shop = self._market.shops[errand.merchant]
        body: dict[str, object] = {
            "lines": [{"product_id": shop.products[errand.kind, errand.product], "quantity": 1}],
            "note": errand.key,
        }
        if errand.kind is not Kind.REQUEST:
            body["payment_terms"] = "on_delivery"
        if errand.customer is not None:
            token = self._market.token_of(errand.customer)
        else:
            token = self._key_of(errand)
            guest = errand.number % GUESTS
            body["customer"] = {"name": f"Guest {guest}", "email": f"guest{guest}@chaos.example"}
        return Ask(errand.number, "place", errand.key, f"/v1/merchants/{shop.id}/orders", body, token)

    def _after(self, errand: Errand, step: str, order: str, body: Mapping[str, object]) -> Ask:
        path = f"/v1/merchants/{self._market.shops[errand.merchant].id}/orders/{order}/{step}"
        return Ask(errand.number, str(step), f"{errand.key}-{step}", path, body, self._key_of(errand))

    def _key_of(self, errand: Errand) -> Callable[[bool], str]:
        key = self._market.shops[errand.merchant].key
        return lambda _: key  # it never runs out
