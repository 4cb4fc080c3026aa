"""What a real Medusa does with orders that a connector must know of, each seen there (issue 12, channels.md)."""

from collections import Counter

from merchant_api.channels.kinds.medusa import feed


def follow(shop, mark):
    """All that is new since a mark, and the mark after it."""
    orders, has_more = [], True
    while has_more:
        page = shop.orders(mark)
        orders, mark, has_more = [*orders, *page.orders], page.mark, page.has_more
    return orders, mark


def look(driver, order):
    (found,) = driver.open().orders_by_id([order])
    return found


class MedusaOrderTraps:
    """Over a fixture `driver`."""

    def test_an_order_is_told_once_and_none_from_before(self, driver):
        item = driver.add_item(None, "Tea", 10)
        driver.order({item: 1})
        before, mark = follow(driver.open(), {})
        order = driver.order({item: 2})

        told, mark = follow(driver.open(), mark)
        again, _ = follow(driver.open(), mark)

        assert (before, again) == ([], [])
        assert [each.external_id for each in told] == [order]
        assert [(line.shop_id, line.taken, line.unit_price.amount) for line in told[0].lines] == [(item, 2, 1500)]
        assert (told[0].customer.name, told[0].customer.phone) == ("Asha Gurung", "+9779800000001")

    def test_none_is_missed_where_many_have_one_stamp(self, driver, monkeypatch):
        item = driver.add_item(None, "Tea", 20)
        _, mark = follow(driver.open(), {})
        orders = [driver.order({item: 1}) for _ in range(7)]
        driver.run_sql(
            "UPDATE \"order\" SET updated_at = date_trunc('milliseconds', now()) WHERE id = ANY(%s)", orders[:5]
        )
        monkeypatch.setattr(feed, "PAGE", 2)

        told, _ = follow(driver.open(), mark)

        assert {each.external_id for each in told} == set(orders)

    def test_none_is_missed_when_one_moves_between_pages(self, driver, monkeypatch):
        item = driver.add_item(None, "Tea", 20)
        _, mark = follow(driver.open(), {})
        orders = [driver.order({item: 1}) for _ in range(4)]
        monkeypatch.setattr(feed, "PAGE", 2)
        page = driver.open().orders(mark)
        driver.edit(orders[0], {item: 2})

        told, _ = follow(driver.open(), page.mark)

        assert page.has_more
        assert {each.external_id for each in (*page.orders, *told)} == set(orders)

    def test_a_draft_is_told_when_it_becomes_an_order(self, driver):
        item = driver.add_item(None, "Tea", 10)
        draft = driver.sales.draft({driver.variant_of(item)["id"]: 2})
        driver.order({item: 1})
        _, mark = follow(driver.open(), {})
        driver.sales.convert(draft)

        told, _ = follow(driver.open(), mark)

        assert [(each.external_id, each.is_paid) for each in told] == [(draft, False)]

    def test_money_that_is_taken_later_is_seen_by_id_alone(self, driver):
        item = driver.add_item(None, "Tea", 10)
        order = driver.sales.place({driver.variant_of(item)["id"]: 1}, is_paid=False)
        _, mark = follow(driver.open(), {})
        owed = look(driver, order)
        driver.sales.capture(order)

        told, _ = follow(driver.open(), mark)
        paid = look(driver, order)

        assert (owed.is_paid, owed.is_open, told) == (False, True, [])
        assert (paid.is_paid, paid.is_open) == (True, True)

    def test_a_line_that_is_edited_away_is_gone(self, driver):
        tea, cup = driver.add_item(None, "Tea", 10), driver.add_item(None, "Cup", 10)
        order = driver.order({tea: 2, cup: 2})

        driver.edit(order, {tea: 5, cup: 0})

        assert [(line.shop_id, line.taken) for line in look(driver, order).lines] == [(tea, 5)]
        assert (driver.level(tea), driver.level(cup)) == (5, 10)

    def test_an_order_that_is_cancelled_stays_so_in_the_archive(self, driver):
        item = driver.add_item(None, "Tea", 10)
        order = driver.order({item: 2})
        driver.cancel(order)
        driver.admin.post(f"/admin/orders/{order}/archive")

        found = look(driver, order)

        assert [(line.quantity, line.taken, line.cancelled) for line in found.lines] == [(2, 0, 2)]
        assert (found.is_open, found.is_delivered) == (False, False)

    def test_what_comes_back_is_stock_again_and_what_comes_back_damaged_is_not(self, driver):
        item = driver.add_item(None, "Tea", 10)
        order = driver.order({item: 4})
        driver.fulfil(order)
        driver.sales.take_back(order, 1)
        driver.sales.take_back(order, 2, is_damaged=True)

        found = look(driver, order)

        assert [(line.taken, line.unit_price.amount) for line in found.lines] == [(3, 1500)]
        assert (found.is_delivered, found.is_open, driver.level(item)) == (True, False, 7)

    def test_a_bundle_takes_all_its_parts(self, driver):
        tea, cup = driver.add_item(None, "Tea", 10), driver.add_item(None, "Cup", 10)
        parts = [{"inventory_item_id": tea, "required_quantity": 2}, {"inventory_item_id": cup, "required_quantity": 1}]
        product = driver.add_product("Tea for two", [{"title": "Set", "inventory_items": parts}])

        order = driver.sales.place({product["variants"][0]["id"]: 3})

        lines = look(driver, order).lines
        assert Counter({line.shop_id: line.taken for line in lines}) == {tea: 6, cup: 3}
        assert sum(line.unit_price.amount * line.quantity for line in lines) == 4500

    def test_fifty_are_read_by_their_ids(self, driver):
        item = driver.add_item(None, "Tea", 10)
        order = driver.order({item: 1})

        found = driver.open().orders_by_id([*(f"order_{number}" for number in range(49)), order])

        assert [each.external_id for each in found] == [order]
