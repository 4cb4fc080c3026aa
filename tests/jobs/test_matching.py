"""Events of providers that came too early are tried again by the job, and tidied once they were applied."""

from datetime import timedelta

from sqlalchemy import text

from jobs import tidy
from jobs.sweep import Tally
from jobs.timetable import routine
from merchant_api.accounts.models import Terms
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.providers import receive
from tests.make.money import check_money, payments_of
from tests.make.orders import place_one
from tests.make.people import make_actor, make_merchant
from tests.make.providers import back, events_told, incoming, intent, make_provider, stripe_event
from tests.make.stock import make_product

PRICE = 300_000


def tells(provider, type_, about):
    receive.receive(provider.merchant_id, provider.id, incoming(stripe_event(type_, about)))
    session().commit()


def runs(after_s):
    with clock.clock.pinned(clock.now() + timedelta(seconds=after_s)):
        return routine("match_payments").run()


def test_what_came_too_early_is_applied_by_the_job_and_what_hangs_on_it_too(fresh):
    shop = make_merchant()
    provider, mug = make_provider(shop), make_product(shop, on_hand=5)
    tells(provider, "refund.created", back("re_1", "pi_1", PRICE))
    tells(provider, "payment_intent.succeeded", intent("pi_1", PRICE, payment_reference="INV-7"))
    place_one([(mug, 2)], make_actor(), terms=Terms.PREPAID, reference="INV-7")

    assert runs(0) == Tally()
    done = runs(5) + runs(5)

    assert done.done >= 2
    assert set(events_told(shop).values()) == {("applied", None)}
    assert payments_of(shop.id)[0].state.value == "refunded"
    check_money(shop.id)


def test_each_merchant_with_events_that_wait_gets_its_turn(fresh):
    shops = [make_merchant() for _ in range(3)]
    for shop in shops:
        provider = make_provider(shop)
        for number in range(4):
            tells(provider, "payment_intent.succeeded", intent(f"pi_{number}", PRICE, order_id=str(new_id())))

    assert runs(5) == Tally(done=12)


def test_an_event_that_breaks_the_job_is_left_behind_and_the_others_are_done(fresh):
    shop = make_merchant()
    provider = make_provider(shop)
    for number in range(3):
        tells(provider, "payment_intent.succeeded", intent(f"pi_{number}", PRICE, order_id=str(new_id())))
    session().execute(text("UPDATE payment_events SET facts = '{}' WHERE subject = 'pi_1'"))
    session().commit()

    assert runs(5) == Tally(done=2, bad=1)


def test_applied_events_are_tidied_after_ninety_days_and_unmatched_ones_after_a_year(fresh):
    shop = make_merchant()
    provider = make_provider(shop)
    order = place_one([(make_product(shop, on_hand=5), 2)], terms=Terms.AFTER_ACCEPTANCE)
    tells(provider, "payment_intent.succeeded", intent("pi_1", PRICE, order_id=str(order.id)))
    tells(provider, "payment_intent.succeeded", intent("pi_2", PRICE))
    runs(4 * 86_400)
    kept = []

    for days in (89, 91, 364, 366):
        with clock.clock.pinned(clock.now() + timedelta(days=days)):
            tidy.run()
        kept.append(sorted(state for state, _ in events_told(shop).values()))

    assert kept == [["applied", "unmatched"], ["unmatched"], ["unmatched"], []]
    assert len(payments_of(shop.id)) == 1
