"""What is asked of the Admin API, in its language. Lists say their order and how many: more than 1000 are refused."""

SIGN_IN = """
mutation SignIn($username: String!, $password: String!) {
  login(username: $username, password: $password) {
    ... on CurrentUser { id }
    ... on ErrorResult { errorCode message }
  }
}
"""

_LEVELS = "stockLevels { stockLocationId stockOnHand stockAllocated }"
_COUNTING = f"id trackInventory outOfStockThreshold useGlobalOutOfStockThreshold {_LEVELS}"
_SETTINGS = "globalSettings { trackInventory outOfStockThreshold serverConfig { moneyStrategyPrecision } }"
# The oldest is what the shop itself writes to where nobody says which.
_LOCATIONS = "stockLocations(options: {take: 1000, sort: {createdAt: ASC, id: ASC}}) { items { id name } }"

READ_ACCOUNT = """
query Account {
  me { identifier channels { id code token permissions } }
  activeChannel { id code token defaultCurrencyCode }
}
"""

READ_PLACES = f"query Places {{ {_SETTINGS} {_LOCATIONS} }}"

READ_STOCK = f"""
query Stock($ids: [String!]!, $take: Int!) {{
  {_SETTINGS}
  {_LOCATIONS}
  productVariants(options: {{take: $take, filter: {{id: {{in: $ids}}}}}}) {{ items {{ {_COUNTING} }} }}
}}
"""

SET_STOCK = f"""
mutation SetStock($input: [UpdateProductVariantInput!]!) {{
  updateProductVariants(input: $input) {{ id {_LEVELS} }}
}}
"""

READ_ITEMS = f"""
query Items($skip: Int!, $take: Int!) {{
  {_SETTINGS}
  {_LOCATIONS}
  productVariants(options: {{skip: $skip, take: $take, sort: {{id: ASC}}}}) {{
    totalItems
    items {{
      {_COUNTING}
      sku name enabled priceWithTax currencyCode
      product {{ name enabled collections {{ name }} }}
    }}
  }}
}}
"""

READ_ORDERS = """
query Orders($options: OrderListOptions!) {
  globalSettings { serverConfig { moneyStrategyPrecision } }
  orders(options: $options) {
    items {
      id code type state active orderPlacedAt currencyCode totalWithTax
      customer { firstName lastName emailAddress phoneNumber }
      shippingAddress { fullName phoneNumber }
      payments { state amount }
      lines { id quantity orderPlacedQuantity proratedUnitPriceWithTax productVariant { id sku name } }
    }
  }
}
"""

READ_PLACED = """
query Placed($options: OrderListOptions!) { orders(options: $options) { items { id orderPlacedAt } } }
"""
