"""What a Vendure needs before somebody can order."""

from typing import Any

from tests.shops import vendure_asks as asks
from tests.shops.vendure_api import VendureApi


def fill(api: VendureApi, currency: str) -> None:
    """A tax of nothing, post that costs nothing, a counter to pay at, and the currency."""
    english: Any = {"languageCode": "en", "description": ""}
    category = api.admin('mutation { createTaxCategory(input: {name: "all", isDefault: true}) { id } }')["id"]
    zone = api.admin('mutation { createZone(input: {name: "everywhere"}) { id } }')["id"]
    rate = {"name": "none", "enabled": True, "value": 0, "categoryId": category, "zoneId": zone}
    api.admin("mutation R($input: CreateTaxRateInput!) { createTaxRate(input: $input) { id } }", input=rate)
    channel = api.admin("{ activeChannel { id } }")["id"]
    api.admin(
        "mutation C($input: UpdateChannelInput!) { updateChannel(input: $input) { ... on ErrorResult { errorCode } } }",
        input={
            "id": channel,
            "defaultTaxZoneId": zone,
            "defaultShippingZoneId": zone,
            "pricesIncludeTax": True,
            "defaultCurrencyCode": currency,
            "availableCurrencyCodes": [currency],
        },
    )
    post = {
        "code": "post",
        "fulfillmentHandler": asks.BY_HAND["code"],
        "checker": {
            "code": "default-shipping-eligibility-checker",
            "arguments": [{"name": "orderMinimum", "value": "0"}],
        },
        "calculator": {
            "code": "default-shipping-calculator",
            "arguments": [
                {"name": "rate", "value": "0"},
                {"name": "includesTax", "value": "auto"},
                {"name": "taxRate", "value": "0"},
            ],
        },
        "translations": [{**english, "name": "Post"}],
    }
    api.admin(asks.ADD_POST, input=post)
    for code, settles in (("counter", "true"), ("promise", "false")):
        handler = {"code": "dummy-payment-handler", "arguments": [{"name": "automaticSettle", "value": settles}]}
        named = [{**english, "name": code}]
        api.admin(asks.ADD_PAYMENT, input={"code": code, "enabled": True, "handler": handler, "translations": named})
