"""Where an order came from: carried by the placement, kept on the order, and of a channel once only."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from merchant_api.core import migrate
from merchant_api.core.actor import Role
from merchant_api.core.db import db, session
from merchant_api.core.ids import new_id
from merchant_api.orders.errors import SeenBefore
from merchant_api.orders.models import Order, Origin
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Placed, Refused
from merchant_api.orders.states import OriginKind
from tests.house.sources import ROOT
from tests.make.carts import check_out, make_cart, newcomer
from tests.make.orders import place_one, reread, wanted
from tests.make.people import make_actor, make_customer, make_member, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_product
from tests.tenancy import OWNER, as_role

CART, PERSON = Origin(OriginKind.CART), Origin(OriginKind.PERSON)


def of_channel(channel_id, external_id):
    return Origin(OriginKind.CHANNEL, channel_id, external_id)


def test_what_nobody_says_anything_of_came_by_the_api(database):
    assert reread(place_one([(make_product(on_hand=5), 1)])).origin == Origin(OriginKind.API)


@pytest.mark.parametrize("origin", [CART, PERSON, of_channel(new_id(), "#1001")])
def test_an_order_keeps_its_origin(database, origin):
    order = place_one([(make_product(on_hand=5), 1)], origin=origin)

    assert reread(order).origin == origin


def test_a_channels_order_is_taken_once(database):
    mug, channel = make_product(on_hand=5), new_id()
    place_one([(mug, 1)], origin=of_channel(channel, "#1001"))
    before = everything(mug.merchant_id)

    (again,) = place(mug.merchant_id, [wanted([(mug, 2)], origin=of_channel(channel, "#1001"))])

    assert isinstance(again, Refused)
    assert isinstance(again.refusal, SeenBefore)
    assert everything(mug.merchant_id) == before


def test_other_channels_and_merchants_have_the_same_numbers(database):
    mug, bowl, channel = make_product(on_hand=5), make_product(on_hand=5), new_id()
    place_one([(mug, 1)], origin=of_channel(channel, "#1001"))

    place_one([(mug, 1)], origin=of_channel(new_id(), "#1001"))
    place_one([(bowl, 1)], origin=of_channel(channel, "#1001"))

    assert (balances(mug), balances(bowl)) == ((5, 2, 0), (5, 1, 0))


def test_an_order_that_was_taken_before_undoes_no_neighbour(database):
    mug, channel = make_product(on_hand=5), new_id()
    origins = [of_channel(channel, "#1"), of_channel(channel, "#1"), Origin(), of_channel(channel, "#2")]

    results = place(mug.merchant_id, [wanted([(mug, 1)], origin=origin) for origin in origins])

    assert [type(result) for result in results] == [Placed, Refused, Placed, Placed]
    assert balances(mug) == (5, 3, 0)
    check_books(mug.merchant_id)


@pytest.mark.parametrize(
    "origin",
    [
        Origin(OriginKind.CHANNEL),
        Origin(OriginKind.CHANNEL, new_id(), None),
        Origin(OriginKind.API, new_id(), "#1001"),
        Origin(OriginKind.CART, None, "#1001"),
    ],
)
def test_a_channel_and_its_number_go_together(database, origin):
    order = reread(place_one([(make_product(on_hand=5), 1)]))

    with pytest.raises(IntegrityError, match="ck_orders_origin"), session().begin_nested():
        order.origin_kind, order.channel_id, order.external_id = origin.kind, origin.channel_id, origin.external_id


def test_orders_from_before_get_the_origin_that_can_be_told(fresh):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=20)
    customer, owner = make_actor(Role.CUSTOMER), make_actor(person=make_member(merchant))
    ana, other = newcomer("Ana"), make_actor(Role.CUSTOMER, person=make_customer(merchant))
    for_other = replace(wanted([(mug, 1)], owner), customer=wanted([(mug, 1)], other).customer)
    orders = {
        "by herself": place_one([(mug, 1)], customer),
        "a member for herself": place_one([(mug, 1)], owner),
        "a member for another": place(merchant.id, [for_other])[0].view.order,
        "from a cart": check_out(make_cart([(mug, 1)], ana), ana).view.order,
    }
    url, names = (
        as_role(fresh.config["SQLALCHEMY_DATABASE_URI"], OWNER),
        {order.id: name for name, order in orders.items()},
    )
    session().rollback()
    db.engine.dispose()

    migrate.downgrade(url, before_origins())
    migrate.upgrade(url)

    rows = session().execute(select(Order.id, Order.origin_kind).where(Order.merchant_id == merchant.id))
    assert {names[row[0]]: row[1].value for row in rows} == {
        "by herself": "api",
        "a member for herself": "api",
        "a member for another": "person",
        "from a cart": "cart",
    }


def test_an_older_version_still_writes_orders(database):
    default = text(
        "SELECT column_default FROM information_schema.columns "
        "WHERE table_name = 'orders' AND column_name = 'origin_kind'"
    )

    assert session().execute(default).scalar_one().startswith("'api'")


def before_origins():
    (path,) = (ROOT / "migrations" / "versions").glob("*_origin.py")
    return re.search(r'^down_revision = "(\d+)"', path.read_text(), re.MULTILINE).group(1)
