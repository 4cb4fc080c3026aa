"""A kind is shown with the fields and options that it wants; one that there is no connector for takes no channel."""

from merchant_api.channels import connectors
from merchant_api.channels.states import ChannelKind


def test_a_kind_tells_its_fields_its_options_and_what_it_can_do(seller):
    first = seller.client.get("/v1/channel-kinds", headers=seller.headers["owner"]).json["items"][0]

    assert (first["kind"], first["title"]) == ("woocommerce", "WooCommerce")
    assert [(each["name"], each["is_optional"]) for each in first["credentials"]] == [
        ("key", False),
        ("secret", False),
        ("note", True),
        ("client_secret", True),
    ]
    assert first["options"] == [{"name": "version", "title": "Which API."}]
    assert first["abilities"] == {
        "has_orders": True,
        "has_items": True,
        "has_locations": True,
        "hears_events": False,
        "compares": False,
        "most_set": 1,
        "calls_at_once": 4,
    }


def test_a_kind_without_a_connector_takes_no_channel(seller, monkeypatch):
    monkeypatch.setattr(connectors, "kinds", lambda: (ChannelKind.SHOPIFY,))

    assert seller.connect(kind="shopify").status_code == 201
    refused = seller.connect(kind="vendure")

    assert (refused.status_code, list(refused.json["errors"])) == (422, ["kind"])
