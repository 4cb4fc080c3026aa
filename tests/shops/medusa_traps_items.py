"""What a real Medusa says of what it sells that a connector must know of, each seen there (issue 12, channels.md)."""

import secrets

from merchant_api.channels.kinds.medusa import items


def read_all(shop, between=lambda: None):
    """All items; something happens between the first page and the second."""
    page = shop.items(None)
    found = list(page.items)
    between()
    while page.cursor:
        page = shop.items(page.cursor)
        found.extend(page.items)
    return {each.ref.shop_id: each for each in found}


class MedusaItemTraps:
    """Over a fixture `driver`."""

    def test_a_renamed_sku_is_that_of_the_variant(self, driver):
        sku = f"TEA-{secrets.token_hex(4)}"
        item = driver.add_item(sku, "Tea", 3)
        variant = driver.variant_of(item)
        driver.admin.post(f"/admin/products/{variant['product_id']}/variants/{variant['id']}", sku=f"{sku}-NEW")

        found = read_all(driver.open())[item]

        assert (found.sku, found.name, found.price.amount, found.sells) == (f"{sku}-NEW", "Tea", 1500, 3)
        assert driver.admin.get(f"/admin/inventory-items/{item}")["inventory_item"]["sku"] == sku

    def test_drafts_are_listed_and_not_for_sale(self, driver):
        item = driver.add_item(None, "Tea", 3)
        driver.admin.post(f"/admin/products/{driver.variant_of(item)['product_id']}", status="draft")

        assert not read_all(driver.open())[item].is_for_sale

    def test_variants_and_categories_are_told(self, driver):
        category = driver.admin.post("/admin/product-categories", name=f"Drinks {secrets.token_hex(4)}")
        made = driver.add_product("Tea", [{"title": "Green"}, {"title": "Black", "manage_inventory": False}])
        path = f"/admin/product-categories/{category['product_category']['id']}/products"
        driver.admin.post(path, add=[made["id"]])
        ids = {each["title"]: each["id"] for each in made["variants"]}

        found = read_all(driver.open())

        counted, uncounted = found[driver.item_of(ids["Green"])], found[ids["Black"]]
        assert (counted.name, list(counted.categories)) == ("Tea, Green", [category["product_category"]["name"]])
        assert (uncounted.name, uncounted.sells, len(uncounted.problems)) == ("Tea, Black", None, 1)

    def test_an_item_without_a_price_in_the_currency_says_so(self, driver):
        made = driver.add_product("Tea", [{"title": "Green", "prices": [{"currency_code": "usd", "amount": 3}]}])

        found = read_all(driver.open())[driver.item_of(made["variants"][0]["id"])]

        assert found.price is None
        assert "NPR" in found.problems[0]

    def test_none_is_missed_when_one_is_deleted_between_pages(self, driver, monkeypatch):
        first = driver.add_item(None, "Tea", 3)
        added = {driver.add_item(None, "Tea", 3) for _ in range(5)}
        monkeypatch.setattr(items, "PAGE", 2)
        product = driver.variant_of(first)["product_id"]

        found = read_all(driver.open(), lambda: driver.admin.delete(f"/admin/products/{product}"))

        assert added <= set(found)
