"""Fits an empty Medusa out, so that something can be sold in it: all by its own Admin API, as its merchant would.

One stock location feeds one sales channel; a region pays by Medusa's own payment provider, which takes everything.
"""

import base64
from dataclasses import dataclass

from tests.shops.medusa_api import MedusaApi

CURRENCY = "npr"
COUNTRY = "np"


@dataclass(frozen=True)
class MedusaFittings:
    """What was made in the shop, by its ids; `secret_key` is what a merchant gives us."""

    secret_key: str
    publishable_key: str
    location: str
    sales_channel: str
    region: str
    profile: str
    shipping: str


def sign_in(address: str, email: str, password: str) -> str:
    """A secret key, made by the merchant whom Medusa's CLI made."""
    token = MedusaApi(address, {}).post("/auth/user/emailpass", email=email, password=password)["token"]
    merchant = MedusaApi(address, {"Authorization": f"Bearer {token}"})
    key: str = merchant.post("/admin/api-keys", title="Orderbell", type="secret")["api_key"]["token"]
    return key


def by_key(address: str, secret_key: str) -> MedusaApi:
    """The Admin API, by a secret key."""
    user = base64.b64encode(f"{secret_key}:".encode()).decode()
    return MedusaApi(address, {"Authorization": f"Basic {user}"})


def fit_out(address: str, secret_key: str) -> MedusaFittings:
    """Make all that an order needs."""
    admin = by_key(address, secret_key)
    store = admin.get("/admin/stores")["stores"][0]["id"]
    admin.post(f"/admin/stores/{store}", supported_currencies=[{"currency_code": CURRENCY, "is_default": True}])
    channel = admin.post("/admin/sales-channels", name="Shop")["sales_channel"]["id"]
    location = add_location(admin, "Main store", channel)
    region = admin.post(
        "/admin/regions",
        name="Nepal",
        currency_code=CURRENCY,
        countries=[COUNTRY],
        payment_providers=["pp_system_default"],
    )["region"]["id"]
    profile = admin.get("/admin/shipping-profiles")["shipping_profiles"][0]["id"]
    key = admin.post("/admin/api-keys", title="Shop", type="publishable")["api_key"]
    admin.post(f"/admin/api-keys/{key['id']}/sales-channels", add=[channel])
    shipping = _ship_from(admin, location, profile)
    return MedusaFittings(secret_key, key["token"], location, channel, region, profile, shipping)


def add_location(admin: MedusaApi, name: str, channel: str | None = None) -> str:
    """A stock location, which feeds the sales channel if one is given."""
    location: str = admin.post("/admin/stock-locations", name=name)["stock_location"]["id"]
    if channel:
        admin.post(f"/admin/stock-locations/{location}/sales-channels", add=[channel])
    return location


def _ship_from(admin: MedusaApi, location: str, profile: str) -> str:
    """A way to ship from the location, for nothing."""
    there = f"/admin/stock-locations/{location}"
    admin.post(f"{there}/fulfillment-providers", add=["manual_manual"])
    admin.post(f"{there}/fulfillment-sets", name="Delivery", type="shipping")
    found = admin.get(f"{there}?fields=*fulfillment_sets")["stock_location"]["fulfillment_sets"][0]["id"]
    zone = {"name": "Nepal", "geo_zones": [{"type": "country", "country_code": COUNTRY}]}
    zones = admin.post(f"/admin/fulfillment-sets/{found}/service-zones", **zone)["fulfillment_set"]["service_zones"]
    option = admin.post(
        "/admin/shipping-options",
        name="By courier",
        service_zone_id=zones[0]["id"],
        shipping_profile_id=profile,
        provider_id="manual_manual",
        price_type="flat",
        type={"label": "Courier", "description": "To the door", "code": "courier"},
        prices=[{"currency_code": CURRENCY, "amount": 0}],
    )
    return str(option["shipping_option"]["id"])
