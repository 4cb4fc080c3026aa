"""What the Admin API is asked, each with a name of its own; all fields are in every version since 2026-01.

Objects cost points by how many may come, so pages are modest: what does not fit in one is asked for separately.
"""

CHECK = """
query OrderbellCheck {
  shop { name currencyCode }
  currentAppInstallation { accessScopes { handle } }
}
"""

LOCATIONS = """
query OrderbellLocations($after: String) {
  locations(first: 100, after: $after) { nodes { id name isActive } pageInfo { hasNextPage endCursor } }
}
"""

LEVELS = """
query OrderbellLevels($ids: [ID!]!, $location: ID!) {
  nodes(ids: $ids) {
    id
    ... on InventoryItem {
      tracked
      inventoryLevel(locationId: $location) { quantities(names: ["available", "committed"]) { name quantity } }
    }
  }
}
"""

SET_LEVELS = """
mutation OrderbellSetLevels($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup {
      changes(quantityNames: ["available"]) { name delta quantityAfterChange item { id } location { id } }
    }
    userErrors { field code message }
  }
}
"""

ITEMS = """
query OrderbellItems($first: Int!, $after: String, $location: ID!) {
  productVariants(first: $first, after: $after, sortKey: ID) {
    nodes {
      id
      sku
      title
      price
      inventoryPolicy
      product {
        title
        status
        hasOnlyDefaultVariant
        isGiftCard
        productType
        category { name }
      }
      inventoryItem {
        id
        tracked
        inventoryLevel(locationId: $location) { quantities(names: ["available"]) { name quantity } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
  productVariantsCount { count precision }
  shop { currencyCode }
}
"""

LINE = """
fragment Line on LineItem {
  id
  sku
  name
  quantity
  currentQuantity
  isGiftCard
  requiresShipping
  variant { inventoryItem { id } }
  discountedUnitPriceAfterAllDiscountsSet { shopMoney { amount currencyCode } }
}
"""

_ORDER = """
fragment Sold on Order {
  id
  name
  createdAt
  updatedAt
  cancelledAt
  closed
  currencyCode
  displayFinancialStatus
  displayFulfillmentStatus
  email @include(if: $who)
  phone @include(if: $who)
  customer @include(if: $who) { displayName }
  shippingAddress @include(if: $who) { name phone }
  lineItems(first: 20) { nodes { ...Line } pageInfo { hasNextPage endCursor } }
  refunds(first: 10) {
    id
    refundLineItems(first: 20) {
      nodes { quantity restockType lineItem { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

NEWEST = """
query OrderbellNewest {
  orders(first: 50, sortKey: CREATED_AT, reverse: true) { nodes { id createdAt } }
}
"""

ORDERS = f"""
query OrderbellOrders($first: Int!, $after: String, $since: String, $who: Boolean!) {{
  orders(first: $first, after: $after, query: $since, sortKey: UPDATED_AT) {{
    nodes {{ ...Sold }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
{_ORDER}{LINE}"""

ORDERS_BY_ID = f"""
query OrderbellOrdersById($ids: [ID!]!, $who: Boolean!) {{
  nodes(ids: $ids) {{ ...Sold }}
}}
{_ORDER}{LINE}"""
