"""What our connector makes of answers that are none of Medusa's, and of a right that is missing."""

import pytest

from merchant_api.channels.faults import ShopAway, ShopBusy, ShopDenies, ShopOdd
from merchant_api.channels.shop_levels import ItemRef

ITEM = ItemRef("iitem_1")
NO_ANSWERS = [
    "",
    "<html>closed</html>",
    [],
    7,
    None,
    {},
    {"inventory_items": None},
    {"inventory_items": {}},
    {"inventory_items": [7]},
    {"inventory_items": [None]},
    {"inventory_items": [{"variants": [{}]}]},
]
ODD = [None, 7, "", [], [None], [7], {}]


@pytest.mark.parametrize("body", NO_ANSWERS)
def test_what_is_no_answer_of_a_medusa_is_a_fault_that_says_so(shop, body):
    shop.queue += [(200, body)]

    with pytest.raises((ShopAway, ShopOdd)) as raised:
        shop.open().read_levels([ITEM])

    assert str(raised.value).startswith("The shop ")


@pytest.mark.parametrize("odd", [each for each in ODD if each != 7])
def test_what_is_left_out_of_an_order_or_an_item_spoils_no_page(shop, odd):
    stamp = {"created_at": "2026-11-28T21:40:12.005", "updated_at": "2026-11-28T21:40:12.005Z"}
    order = {"id": "order_1", "currency_code": "npr", **stamp, "items": odd, "customer": odd, "shipping_address": odd}
    item = {"id": "variant_1", "prices": odd, "product": odd, "inventory_items": odd}
    shop.queue += [{"orders": [order]}, {"variants": [item], "count": odd}]

    (told,) = shop.open().orders_by_id(["order_1"])
    (found,) = shop.open().items(None).items

    assert (list(told.lines), told.customer.name, told.placed_at.tzinfo is not None) == ([], None, True)
    assert (found.ref.shop_id, found.price, found.sells) == ("variant_1", None, None)


@pytest.mark.parametrize("odd", ODD)
def test_a_row_of_levels_that_is_none_is_none(shop, odd):
    variants = [{"id": "variant_1", "manage_inventory": True}]
    row = {"id": "iitem_1", "variants": variants, "location_levels": [odd]}
    shop.queue += [{"inventory_items": [row]}]

    assert [each.sells for each in shop.open().read_levels([ITEM])] == [0]


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (301, "moved", ShopOdd),
        (400, {"message": "no"}, ShopOdd),
        (401, {"message": "Unauthorized"}, ShopDenies),
        (403, {"message": "Forbidden"}, ShopDenies),
        (404, "Cannot GET", ShopOdd),
        (404, {"message": "no"}, ShopOdd),
        (429, "slowly", ShopBusy),
        (500, {"message": "An unknown error occurred."}, ShopAway),
        (502, "<html>bad gateway</html>", ShopAway),
    ],
)
def test_a_status_in_the_way_is_told(shop, status, body, fault):
    shop.queue += [(status, body)]

    with pytest.raises(fault) as raised:
        shop.open().read_levels([ITEM])

    assert (type(raised.value), raised.value.status) == (fault, status)


def test_where_a_shop_sends_us_is_told(shop):
    shop.headers["Location"] = "https://other.example/admin"
    shop.queue += [(308, "")]

    with pytest.raises(ShopOdd, match=r"https://other\.example/admin"):
        shop.open().check()


def test_a_missing_right_is_told_and_the_others_are_kept(shop):
    places = {"stock_locations": [{"id": "sloc_1", "name": "Main"}]}
    shop.queue += [{"stores": [{"name": "Tea"}]}, places, {"inventory_items": []}, (403, {}), {"variants": []}]

    found = shop.open().check()

    assert found.can == {"levels", "items"}
    assert list(found.problems) == ["The secret key may not read orders in Medusa."]
