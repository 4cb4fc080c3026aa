"""What an account of Stripe sends of one payment, by its version of the API: the published protocol with its traps.

Below version 2024-10-28 a refund is told by `charge.refunded` alone, as a running total; later both are told. What was
authorised and never captured is in that total, and in the charge's amount. A failed refund leaves the total without an
event of the charge. Each event has the second of its cause; several of one cause have the same.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.make.providers import back, charge, checkout, dispute, intent, stripe_event

OLD, NEW = "2024-09-30.acacia", "2026-10-28.endive"


@dataclass
class StripeAccount:
    """An account, and all that happened to its one payment."""

    payment: str
    amount: int
    version: str = NEW
    never_captured: int = 0
    second: int = 1_767_225_600
    sent: list[dict[str, Any]] = field(default_factory=list)
    refunds: dict[str, tuple[int, str]] = field(default_factory=dict)
    disputes: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def refunded(self) -> int:
        """What is back with the customer."""
        return sum(amount for amount, status in self.refunds.values() if status == "succeeded")

    @property
    def disputed(self) -> int:
        """What banks took and did not give back."""
        return sum(amount for amount, status in self.disputes.values() if status in ("needs_response", "lost"))

    def pays(self, order_id: str, *, by_checkout: bool) -> None:
        """The customer pays; by a checkout, its intent does not know the order."""
        named = {} if by_checkout else {"order_id": order_id}
        events = [("payment_intent.succeeded", intent(self.payment, self.amount, **named))]
        if by_checkout:
            session = checkout(self.payment, self.amount) | {"client_reference_id": order_id}
            events.append(("checkout.session.completed", session))
        self._send(events)

    def refund(self, amount: int) -> None:
        """So much goes back, if so much is left."""
        if amount > self.amount - self.refunded:
            return
        name = f"re_{len(self.refunds)}_{self.payment}"
        self.refunds[name] = amount, "succeeded"
        told = [] if self.version == OLD else [("refund.created", back(name, self.payment, amount))]
        self._send([*told, ("charge.refunded", self._charge())])

    def fail(self) -> None:
        """The bank sends the newest refund back."""
        name = next((each for each, (_, status) in reversed(self.refunds.items()) if status == "succeeded"), None)
        if name is None:
            return
        amount, _ = self.refunds[name]
        self.refunds[name] = amount, "failed"
        about = back(name, self.payment, amount, "failed", failure_reason="declined")
        types = ["charge.refund.updated"] + ([] if self.version == OLD else ["refund.failed", "refund.updated"])
        self._send([(type_, about) for type_ in types])

    def dispute(self, amount: int) -> None:
        """The customer's bank takes some of it back."""
        name = f"du_{len(self.disputes)}_{self.payment}"
        self.disputes[name] = amount, "needs_response"
        self._send([(f"charge.dispute.{word}", self._dispute(name)) for word in ("created", "funds_withdrawn")])

    def decide(self, status: str) -> None:
        """The bank decides the newest dispute, also one that it had decided before."""
        if not self.disputes:
            return
        name = list(self.disputes)[-1]
        self.disputes[name] = self.disputes[name][0], status
        words = ("closed", "funds_reinstated") if status == "won" else ("closed",)
        self._send([(f"charge.dispute.{word}", self._dispute(name)) for word in words])

    def _send(self, events: list[tuple[str, dict[str, Any]]]) -> None:
        self.second += 1
        said = {"created": self.second, "api_version": self.version}
        self.sent += [stripe_event(type_, about, **said) for type_, about in events]

    def _charge(self) -> dict[str, Any]:
        whole, back_in_all = self.amount + self.never_captured, self.refunded + self.never_captured
        return charge(self.payment, whole, back_in_all, amount_captured=self.amount)

    def _dispute(self, name: str) -> dict[str, Any]:
        amount, status = self.disputes[name]
        return dispute(name, self.payment, amount, status)
