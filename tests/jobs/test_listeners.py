"""Several listeners hear of the same events, in the transaction in which the events are done."""

from sqlalchemy import select

from jobs.telling import fan_out, people
from merchant_api.alerts.models import Notification
from merchant_api.core.db import session
from merchant_api.outbox.models import Event, EventState
from tests.make.outbox import make_event
from tests.make.people import make_member, make_merchant


def test_each_listener_hears_of_a_merchants_events_once(fresh, monkeypatch):
    merchant, other = make_merchant(), make_merchant()
    events = [make_event(merchant.id), make_event(merchant.id)]
    strange = make_event(other.id)
    heard = {"first": [], "second": []}
    listeners = tuple(lambda merchant_id, some, by=by: by.append((merchant_id, some)) for by in heard.values())
    monkeypatch.setattr(fan_out, "LISTENERS", listeners)

    fan_out.run()
    fan_out.run()

    batches = {merchant_id: {each.id for each in some} for merchant_id, some in heard["second"]}
    assert batches == {merchant.id: {each.id for each in events}, other.id: {strange.id}}
    assert heard["first"] == heard["second"]
    assert len(heard["first"]) == 2


def test_what_one_listener_cannot_hear_no_listener_has_written(fresh, monkeypatch):
    merchant = make_merchant()
    make_member(merchant)
    payload = {"v": 1, "customer_id": str(make_member(merchant).id)}
    event = make_event(merchant.id, type="order.paid", payload=payload)

    def broken(_merchant_id, _events):
        raise ValueError

    monkeypatch.setattr(fan_out, "LISTENERS", (people.hear, broken))
    assert (fan_out.run().done, session().execute(select(Notification)).all()) == (0, [])
    assert session().get(Event, (merchant.id, event.id), populate_existing=True).state is EventState.PENDING
