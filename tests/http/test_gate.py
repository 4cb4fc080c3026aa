"""Ways in: who asks is whoever the first way knows, and what they may is asked alike of all."""

import pytest

from merchant_api.core import gate
from merchant_api.core.actor import NOBODY, Actor, Role
from merchant_api.core.errors import Forbidden, NotFound, Unauthenticated
from tests.http.orders.conftest import Shop
from tests.make.people import make_actor
from tests.make.stock import make_product


@pytest.fixture
def ways(app, monkeypatch):
    """Install further ways in beside the bearer token."""
    had = app.extensions["orderbell.ways_in"]
    yield lambda *more: gate.attach(app, [*had, *more])
    app.extensions["orderbell.ways_in"] = had


def by_cookie(actor: Actor) -> gate.Way:
    return lambda request, _merchant_id: actor if request.cookies.get("session") == "good" else None


@pytest.fixture
def shop(client):
    return Shop(client)


def test_a_second_way_in_leads_to_the_same_rooms(shop, ways):
    mug = make_product(shop.merchant, on_hand=3)
    ways(by_cookie(make_actor(Role.CLERK)))
    url = f"/v1/merchants/{shop.merchant.id}/products/{mug.id}"

    shut = shop.client.get(url)
    shop.client.set_cookie("session", "good")
    opened = shop.client.get(url)

    assert (shut.status_code, opened.status_code) == (401, 200)
    assert opened.json["stock"]["on_hand"] == 3


def test_what_was_brought_and_does_not_hold_is_refused_though_another_way_knows(shop, ways):
    ways(by_cookie(make_actor(Role.OWNER)))
    shop.client.set_cookie("session", "good")

    reply = shop.client.get(f"/v1/merchants/{shop.merchant.id}", headers={"Authorization": "Bearer stale"})

    assert reply.status_code == 401


def test_what_is_public_asks_nobody_who_they_are(app, ways):
    ways(lambda _request, _merchant_id: pytest.fail("asked"))

    with app.test_request_context("/"):
        assert gate.who(gate.PUBLIC, None) is NOBODY
        assert gate.who(gate.SIGNED, None) is NOBODY


@pytest.mark.parametrize(
    ("actor", "needs", "ids", "for_people", "refused"),
    [
        (NOBODY, "orders.read", ["merchant_id"], False, Unauthenticated),
        (NOBODY, gate.PUBLIC, [], False, None),
        (make_actor(Role.CLERK), "orders.read", ["merchant_id", "order_id"], False, None),
        (make_actor(Role.CLERK), "sessions.promote", ["merchant_id"], False, Forbidden),
        (Actor(Role.INTEGRATION, "key", "", is_known=True), gate.SIGNED_IN, [], False, Forbidden),
        (
            Actor(Role.INTEGRATION, "key", "", is_known=True, permissions=frozenset({"orders.place"})),
            "orders.place",
            ["merchant_id"],
            True,
            Forbidden,
        ),
        (Actor(Role.CUSTOMER, "ana", "Ana"), "orders.read", ["merchant_id"], False, Forbidden),
        (Actor(Role.CUSTOMER, "ana", "Ana"), "orders.read", ["merchant_id", "order_id"], False, NotFound),
    ],
)
def test_who_may_what(actor, needs, ids, for_people, refused):
    def pass_through():
        gate.permit(actor, needs, ids, for_people=for_people)

    if refused is None:
        pass_through()
    else:
        with pytest.raises(refused):
            pass_through()
