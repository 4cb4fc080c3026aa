"""What is asked where a page was too short for an order, and what orders its events."""

from merchant_api.channels.kinds.shopify.queries import LINE

LINES = f"""
query OrderbellLines($id: ID!, $after: String) {{
  order(id: $id) {{
    lineItems(first: 100, after: $after) {{ nodes {{ ...Line }} pageInfo {{ hasNextPage endCursor }} }}
  }}
}}
{LINE}"""

REFUNDS = """
query OrderbellRefunds($id: ID!) {
  order(id: $id) { refunds(first: 250) { id } }
}
"""

REFUND_LINES = """
query OrderbellRefundLines($id: ID!, $after: String) {
  node(id: $id) {
    ... on Refund {
      refundLineItems(first: 100, after: $after) {
        nodes { quantity restockType lineItem { id } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""

EVENTS = """
query OrderbellEvents($topics: [WebhookSubscriptionTopic!], $after: String) {
  webhookSubscriptions(first: 100, after: $after, topics: $topics) {
    nodes { id topic uri }
    pageInfo { hasNextPage endCursor }
  }
}
"""

ORDER_EVENTS = """
mutation OrderbellOrderEvents($topic: WebhookSubscriptionTopic!, $to: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $to) {
    webhookSubscription { id }
    userErrors { field message }
  }
}
"""
