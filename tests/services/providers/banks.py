"""What Stripe tells of a dispute of `pi_1`, and how its payment and its order stand."""

from merchant_api.core import clock
from tests.make.money import payments_of
from tests.make.orders import events_of, reread
from tests.make.providers import dispute
from tests.services.providers.conftest import PRICE, tells


def disputes_it(provider, status="needs_response", name="created", seconds=0, **members):
    given = {"reference": "du_1", "amount": PRICE} | members
    about = dispute(given.pop("reference"), "pi_1", given.pop("amount"), status, **given)
    return tells(provider, f"charge.dispute.{name}", about, created=int(clock.now().timestamp()) + seconds)


def stands(shop, order):
    (payment,) = payments_of(shop.id)
    fresh = reread(order)
    return payment.state.value, fresh.is_disputed, fresh.state.value


def told(order):
    return [event.type for event in events_of(order) if event.type.startswith("payment.")]
