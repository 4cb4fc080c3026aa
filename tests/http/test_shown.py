"""What a stranger and a customer see: of every answer that they get, nothing that is the merchant's own."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from merchant_api.app import BLUEPRINTS
from merchant_api.catalog.models import WhenShort
from merchant_api.core.endpoint import ENDPOINTS, Endpoint
from merchant_api.core.ids import new_id
from merchant_api.shop.mode import Mode
from tests.http.full_of_secrets import FullOfSecrets, leaks
from tests.make.orders import place_one
from tests.make.stock import make_product

PREFIXES = {blueprint.name: prefix for blueprint, prefix in BLUEPRINTS}
OF_NOBODY = {"channel_kinds"}  # what shops are asked for at all, "Secret" among it
READ = [
    each for each in ENDPOINTS.values() if each.method == "GET" and each.name.split(".")[0] in set(PREFIXES) - OF_NOBODY
]
PART = re.compile(r"<(?:\w+:)?(\w+)>")


@pytest.fixture
def shop(client: FlaskClient) -> FullOfSecrets:
    return FullOfSecrets(client)


def paths(shop: FullOfSecrets, declared: Endpoint) -> Iterator[str]:
    """Every path of an endpoint that leads to something there."""
    there = {
        "merchant_id": [shop.merchant.id],
        "product_id": [shop.mug.id, shop.bowl.id, shop.lamp.id, shop.vase.id],
        "order_id": shop.orders,
        "cart_id": [shop.cart],
        "which": ["live"],
    }
    rule = PREFIXES[declared.name.split(".")[0]] + declared.rule
    made = [rule]
    for part in PART.finditer(rule):
        made = [path.replace(part[0], str(each)) for path in made for each in there.get(part[1], [new_id()])]
    yield from made


def seen_by(shop: FullOfSecrets, who: str) -> dict[str, set[str]]:
    """What every endpoint tells somebody of what is not the customer's to know."""
    texts, figures = shop.texts, shop.figures
    found: dict[str, set[str]] = {}
    for declared in READ:
        for path in paths(shop, declared):
            reply = shop.client.get(path, headers=shop.headers[who])
            told = reply.get_json(silent=True) or reply.get_data(as_text=True)
            found.setdefault(declared.name, set()).update(leaks(told, texts, figures))
    return found


@pytest.mark.parametrize("who", ["customer", "newcomer", "nobody"])
def test_no_answer_tells_a_customer_or_a_stranger_what_is_the_merchants(shop, who):
    seen = seen_by(shop, who)

    assert {name: told for name, told in seen.items() if told} == {}


def test_the_merchants_people_see_all_of_it(shop):
    seen = seen_by(shop, "clerk")

    everywhere = set().union(*seen.values())
    assert {f"text {text}" for text in shop.texts} <= everywhere
    assert {"figure 27.70123", "field on_hand", "field held", "field used"} <= everywhere


@pytest.mark.parametrize("who", ["customer", "newcomer"])
def test_of_stock_they_see_what_is_available(shop, who):
    stock = shop.call("owner", "GET", f"/products/{shop.mug.id}").json["stock"]

    told = shop.call(who, "GET", f"/products/{shop.mug.id}").json

    assert told["stock"] == {"available": stock["on_hand"] - stock["held"]}


@pytest.mark.parametrize("who", ["customer", "key"])
def test_what_others_were_promised_is_for_who_sells(shop, who):
    rug = make_product(shop.merchant, on_hand=1, when_short=WhenShort.BACKORDER)
    place_one([(rug, 3)])

    told = shop.call(who, "GET", f"/products/{rug.id}").json

    is_key = who == "key"
    assert told["mode"] == Mode.BACKORDER
    assert (told["stock"]["available"], "2 owed" in told["mode_reason"]) == ((-2, True) if is_key else (0, False))


def test_a_location_is_named_to_customers_and_its_degrees_are_not(shop):
    places = shop.call("newcomer", "GET", "/locations").json["items"]

    assert [(each["name"], each["latitude"], each["longitude"]) for each in places] == [
        ("default", None, None),
        ("attic", None, None),
    ]


def test_a_customer_sees_her_own_acts_as_hers_and_on_whose_side_others_were(shop):
    herself = {"kind": "customer", "id": str(shop.people["customer"].id), "name": "Chandra"}

    first, _, third, _ = (shop.call("customer", "GET", f"/orders/{order}").json for order in shop.orders)

    assert first["placed_by"] == herself
    assert third["placed_by"] == {"kind": "clerk", "id": None, "name": "the merchant"}
    assert third["answered_by"] == {"kind": "staff", "id": None, "name": "the platform"}


def test_who_answers_twice_is_not_told_which_of_the_merchants_people_was_first(shop):
    path = f"/orders/{shop.orders[0]}/cancel"

    refused = shop.call("customer", "POST", path, {"reason": "no"}, Accept_Language="ne")

    assert refused.json["by"] == {"kind": "owner", "id": None, "name": "पसल"}
    assert list(leaks(refused.json, shop.texts, shop.figures)) == []


@pytest.mark.parametrize("who", ["customer", "newcomer"])
def test_a_draft_an_archived_and_an_unknown_product_answer_alike(shop, who):
    cart = shop.call(who, "POST", "/carts").json["id"]

    def told(product_id: object) -> list[tuple[int, str]]:
        line = {"product_id": str(product_id), "quantity": 1}
        replies = [
            shop.call(who, "GET", f"/products/{product_id}"),
            shop.call(who, "GET", f"/availability/{product_id}"),
            shop.call(who, "GET", f"/availability/{product_id}/explain"),
            shop.call(who, "POST", "/orders", {"lines": [line]}),
            shop.call(who, "POST", "/orders", {"lines": [{**line, "guests": ["Asha"]}]}),
            shop.call(who, "PUT", f"/carts/{cart}/lines/{product_id}", {"quantity": 1}),
        ]
        return [(reply.status_code, reply.get_data(as_text=True)) for reply in replies]

    unknown = told(new_id())

    assert [status for status, _ in unknown][3:] == [422, 422, 404]
    assert told(shop.lamp.id) == told(shop.vase.id) == unknown
