"""Orders the events: a subscription for each topic that has none to our address; those to others are left alone.

Shopify takes a subscription away after eight failed deliveries, so this is done again and again.
"""

from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.kinds.shopify.graph import AdminGraph
from merchant_api.channels.kinds.shopify.more_queries import EVENTS, ORDER_EVENTS

TOPICS = (
    "ORDERS_CREATE",
    "ORDERS_UPDATED",
    "ORDERS_CANCELLED",
    "ORDERS_EDITED",
    "REFUNDS_CREATE",
    "INVENTORY_LEVELS_UPDATE",
    "APP_UNINSTALLED",
)
TAKEN = "already been taken"


def listen(graph: AdminGraph, url: str) -> None:
    """See to it that each topic is sent to this address. Raises a ShopFault."""
    there = _there(graph, url)
    for topic in TOPICS:
        if topic in there:
            continue
        told = graph.ask(ORDER_EVENTS, topic=topic, to={"uri": url, "format": "JSON"})["webhookSubscriptionCreate"]
        errors = [str(error["message"]) for error in told["userErrors"]]
        if any(TAKEN not in error for error in errors):
            raise ShopOdd(f"Shopify does not send «{topic}» to {url}: {'; '.join(errors)}", graph.last.text)


def _there(graph: AdminGraph, url: str) -> set[str]:
    there: set[str] = set()
    after: str | None = None
    while True:
        page = graph.ask(EVENTS, topics=list(TOPICS), after=after)["webhookSubscriptions"]
        there |= {node["topic"] for node in page["nodes"] if node["uri"] == url}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return there
