"""The machine's rules for money: late money revived or given back, and a provider's events in any order and twice."""

from hypothesis import strategies as st
from sqlalchemy import select

from merchant_api.core import clock, money
from merchant_api.core.db import in_transaction, session
from merchant_api.core.paging import window
from merchant_api.core.tenancy import of
from merchant_api.orders.money import refund, revive, view
from merchant_api.orders.payment_models import Payment
from merchant_api.providers import match, receive
from tests.machine.after import JOB, SELLER, which
from tests.machine.money_model import PART
from tests.machine.money_things import Purse
from tests.make.providers import back, checkout, incoming, intent, stripe_event

EVENTS = ("paid", "by checkout", "part back", "rest back", "rest failed")
events = st.sampled_from(EVENTS)
GIVEN = {
    "tell": {
        "number": which,
        "is_early": st.booleans(),
        "more": st.sampled_from([0, 0, 0, -1, 1]),
        "told": st.lists(events, min_size=1),
    },
    "tell_on": {"again": st.integers(0, 3), "told": st.lists(events, min_size=1)},
    "catch_up": {},
    "come_late": {"number": which, "is_by_provider": st.booleans(), "is_revived": st.booleans()},
    "refund": {"again": st.integers(0, 3)},
    "give": {"again": st.integers(0, 3), "amount": st.sampled_from([1, 25, 100, 200]), "has_note": st.booleans()},
    "revive": {"again": st.integers(0, 3)},
}
OFTEN = ["tell", "tell_on", "tell_on", "come_late", "come_late", "revive", "refund", "give", "pay_cash", "catch_up"]
TOO_LATE_S = 3700


class Money:
    """Rules of a machine that has `shop`, `merchant_id`, `provider`, `pick`, `instant` and `compare`."""

    def tell(self, number, is_early, more, told):
        """Somebody pays by the provider, which tells some of its events now, and the others later or never.

        Some pay before the merchant has answered.
        """
        self.tells(self.purse_for(*self.pick(number, "answer" if is_early else "pay"), more), told)

    def purse_for(self, order, order_id, more):
        purse = Purse(order, max(order.total + more, 2 * PART), f"pi_{self.merchant_id}_{len(self.shop.purses)}")
        purse.made_at = self.shop.now
        self.shop.purses.append(purse)
        named, first, rest = {"order_id": str(order_id)}, f"re_1_{purse.name}", f"re_2_{purse.name}"
        left = purse.amount - PART
        with clock.clock.pinned(self.instant):
            self.events[purse.name] = {
                "paid": stripe_event("payment_intent.succeeded", intent(purse.name, purse.amount, **named)),
                "by checkout": stripe_event("checkout.session.completed", checkout(purse.name, purse.amount, **named)),
                "part back": stripe_event("refund.created", back(first, purse.name, PART)),
                "rest back": stripe_event("refund.created", back(rest, purse.name, left)),
                "rest failed": stripe_event("refund.failed", back(rest, purse.name, left, "failed")),
            }
        return purse

    def tell_on(self, again, told):
        if self.shop.purses:
            self.tells(self.shop.purses[again % len(self.shop.purses)], told)

    def tells(self, purse, told):
        for event in told:
            self.shop.tell(purse, event)
            self.compare(lambda event=event: self.receives(self.events[purse.name][event]), "ok")

    def receives(self, event):
        receive.receive(self.merchant_id, self.provider_id, incoming(event))

    def come_late(self, number, is_by_provider, is_revived):
        """Nobody pays in time, then the money comes after all."""
        order, order_id = self.pick(number, "pay")
        self.time_passes(TOO_LATE_S, is_swept=True)
        if is_by_provider:
            self.tells(self.purse_for(order, order_id, 0), ["paid"])
        else:
            self.pay_with(order, order_id, self.new_reference(), 0, None)
        if is_revived:
            self.revive(0)

    def catch_up(self):
        """The job that tries waiting events again, until none is due."""
        self.shop.catch_up()
        with clock.clock.pinned(self.instant):
            while ids := match.DUE.ids(self.merchant_id, self.instant, 1):
                in_transaction(lambda ids=ids: match.run(self.merchant_id, ids, JOB), of(self.merchant_id))

    def refund(self, again):
        by_hand = {name: each for name, each in self.shop.payments.items() if not name.startswith("pi_")}
        owed = [name for name, payment in by_hand.items() if payment.is_parked or payment.order.beyond]
        names = owed or list(by_hand)
        if names:
            name = names[-1 - again % len(names)]
            payment_id, expected = self.payment_of(name), self.shop.refund(name)
            self.compare(lambda: refund.refund(self.merchant_id, payment_id, refund.RefundAsked(), SELLER), expected)

    def give(self, again, amount, has_note):
        """Any part of what was paid, out of goodwill or because it is owed."""
        by_hand = [name for name in self.shop.payments if not name.startswith("pi_")]
        if by_hand:
            name = by_hand[-1 - again % len(by_hand)]
            currency = "NPR" if self.shop.payments[name].is_own else "INR"
            wish = refund.RefundAsked(money.Money(amount, currency), "a scratch" if has_note else None)
            payment_id, expected = self.payment_of(name), self.shop.give(name, amount, has_note=has_note)
            self.compare(lambda: refund.refund(self.merchant_id, payment_id, wish, SELLER), expected)

    def the_list_is_as_in_the_model(self):
        page = view.page(self.merchant_id, view.Chosen(is_due_back=True), window(100, None))
        assert {each.row.reference: each.due_back.amount for each in page.items} == self.shop.shares()
        assert all(each.due_back.amount <= each.refundable.amount for each in page.items)
        session().rollback()

    def revive(self, again):
        parked = [name for name, payment in self.shop.payments.items() if payment.is_parked]
        names = parked or list(self.shop.payments)
        if names:
            name = names[-1 - again % len(names)]
            payment_id, expected = self.payment_of(name), self.shop.revive(name)
            self.compare(lambda: revive.revive(self.merchant_id, payment_id, SELLER), expected)

    def payment_of(self, name):
        rows = select(Payment.id).where(Payment.merchant_id == self.merchant_id, Payment.reference == name)
        payment_id = session().execute(rows).scalar_one()
        session().rollback()
        return payment_id
