"""The questions that the driver of a Vendure asks, in the language of its API."""

SHOPPER = {"firstName": "Asha", "lastName": "Rai", "emailAddress": "asha@example.com", "phoneNumber": "+9779800000000"}
BY_HAND = {
    "code": "manual-fulfillment",
    "arguments": [{"name": "method", "value": "post"}, {"name": "trackingCode", "value": ""}],
}

ADD_PRODUCT = "mutation A($input: CreateProductInput!) { createProduct(input: $input) { id } }"
ADD_VARIANT = "mutation A($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }"
SET_VARIANT = "mutation S($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }"
SET_PRODUCT = "mutation S($input: UpdateProductInput!) { updateProduct(input: $input) { id } }"
SET_GLOBALS = """
mutation G($input: UpdateGlobalSettingsInput!) { updateGlobalSettings(input: $input) { __typename } }
"""
ADD_LOCATION = "mutation L($input: CreateStockLocationInput!) { createStockLocation(input: $input) { id } }"
REMOVE_LOCATION = "mutation L($input: DeleteStockLocationInput!) { deleteStockLocation(input: $input) { result } }"
ADD_ROLE = "mutation R($input: CreateRoleInput!) { createRole(input: $input) { id } }"
ADD_ADMIN = "mutation A($input: CreateAdministratorInput!) { createAdministrator(input: $input) { id } }"
READ_CHANNEL = "{ activeChannel { id token } }"
ADD_CHANNEL = """
mutation C($input: CreateChannelInput!) {
  createChannel(input: $input) { ... on Channel { id } ... on ErrorResult { errorCode message } }
}
"""
REMOVE_CHANNEL = "mutation R($id: ID!) { deleteChannel(id: $id) { result } }"
REMOVE_PRODUCT = "mutation R($id: ID!) { deleteProduct(id: $id) { result } }"
REMOVE_VARIANT = "mutation R($id: ID!) { deleteProductVariant(id: $id) { result } }"
READ_VARIANT = """
query V($id: ID!) {
  productVariant(id: $id) { id product { id } stockLevels { stockLocationId stockOnHand stockAllocated } }
}
"""

ADD_POST = "mutation S($input: CreateShippingMethodInput!) { createShippingMethod(input: $input) { id } }"
ADD_PAYMENT = "mutation M($input: CreatePaymentMethodInput!) { createPaymentMethod(input: $input) { id } }"

TAKE = """
mutation T($variant: ID!, $quantity: Int!) {
  addItemToOrder(productVariantId: $variant, quantity: $quantity) {
    __typename
    ... on InsufficientStockError { quantityAvailable }
  }
}
"""
ADD_LINE = """
mutation A($variant: ID!, $quantity: Int!) {
  addItemToOrder(productVariantId: $variant, quantity: $quantity) {
    ... on Order { id }
    ... on ErrorResult { errorCode message }
  }
}
"""
SAY_WHO = """
mutation W($input: CreateCustomerInput!) {
  setCustomerForOrder(input: $input) { __typename ... on ErrorResult { errorCode message } }
}
"""
READ_METHODS = "{ eligibleShippingMethods { id } }"
CHOOSE_METHOD = """
mutation M($method: [ID!]!) {
  setOrderShippingMethod(shippingMethodId: $method) { __typename ... on ErrorResult { errorCode message } }
}
"""
GO_PAY = 'mutation { transitionOrderToState(state: "ArrangingPayment") { ... on ErrorResult { errorCode message } } }'
PAY = """
mutation P($method: String!) {
  addPaymentToOrder(input: {method: $method, metadata: {}}) {
    ... on Order { id code state }
    ... on ErrorResult { errorCode message }
  }
}
"""

READ_ORDER = """
query O($id: ID!) {
  order(id: $id) {
    id state totalWithTax
    payments { id amount refunds { id state total } }
    lines { id quantity productVariant { id } }
  }
}
"""
CANCEL = """
mutation C($input: CancelOrderInput!) { cancelOrder(input: $input) { ... on ErrorResult { errorCode message } } }
"""
REFUND = """
mutation R($input: RefundOrderInput!) {
  refundOrder(input: $input) { ... on Refund { id state } ... on ErrorResult { errorCode message } }
}
"""
SETTLE_REFUND = """
mutation S($input: SettleRefundInput!) { settleRefund(input: $input) { ... on ErrorResult { errorCode message } } }
"""
MOVE_ORDER = """
mutation M($id: ID!, $state: String!) {
  transitionOrderToState(id: $id, state: $state) {
    ... on Order { state }
    ... on OrderStateTransitionError { errorCode message transitionError }
  }
}
"""
EDIT = """
mutation E($input: ModifyOrderInput!) {
  modifyOrder(input: $input) { ... on Order { totalWithTax } ... on ErrorResult { errorCode message } }
}
"""
PAY_REST = """
mutation P($input: ManualPaymentInput!) {
  addManualPaymentToOrder(input: $input) { ... on ErrorResult { errorCode message } }
}
"""
FULFIL = """
mutation F($input: FulfillOrderInput!) {
  addFulfillmentToOrder(input: $input) { ... on Fulfillment { id } ... on ErrorResult { errorCode message } }
}
"""
MOVE_FULFILMENT = """
mutation M($id: ID!, $state: String!) {
  transitionFulfillmentToState(id: $id, state: $state) { ... on ErrorResult { errorCode message } }
}
"""
