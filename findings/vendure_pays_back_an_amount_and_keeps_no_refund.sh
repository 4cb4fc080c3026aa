#!/usr/bin/env bash
# @vendure/core 3.7.3: a refund by its amount alone is carried out by the payment handler, and then fails and is not kept.
#
# Of refundOrder's input `lines`, `shipping` and `adjustment` are deprecated in favour of `amount`, and may be left out.
# Whoever leaves them out gets an error in the words of the database: a refund's row wants a number for shipping. By then
# the handler was asked already, so a payment provider has given the money back, while the order shows no refund; asked
# again, it gives it back again. With `shipping: 0, adjustment: 0` beside the amount all is well.
#
# Output seen:
#   the handler pays back 500
#   amount alone -> NOT NULL constraint failed: refund.shipping
#   refunds of the order: 0
#   the handler pays back 500
#   amount with zeros -> Settled
#   refunds of the order: 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true, "type": "module", "dependencies": {"@vendure/core": "3.7.3", "sql.js": "1.13.0"}}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund >/dev/null 2>&1
cat >look.mjs <<'JAVASCRIPT'
import { bootstrap, LanguageCode, NoopLogger, PaymentMethodHandler } from "@vendure/core";

const handler = new PaymentMethodHandler({
  code: "till",
  description: [{ languageCode: LanguageCode.en, value: "Till" }],
  args: {},
  createPayment: (ctx, order, amount) => ({ amount, state: "Settled" }),
  settlePayment: () => ({ success: true }),
  createRefund: (ctx, input, amount) => {
    console.log(`the handler pays back ${amount}`);
    return { state: "Settled" };
  },
});
const app = await bootstrap({
  apiOptions: { hostname: "127.0.0.1", port: 0, cors: false },
  authOptions: { tokenMethod: ["bearer"], superadminCredentials: { identifier: "a", password: "b" } },
  dbConnectionOptions: { type: "sqljs", synchronize: true },
  paymentOptions: { paymentMethodHandlers: [handler] },
  logger: new NoopLogger(),
});
const { port } = app.getHttpServer().address();
const tokens = {};
async function ask(api, query) {
  const headers = { "content-type": "application/json" };
  if (tokens[api]) headers.authorization = `Bearer ${tokens[api]}`;
  const answer = await fetch(`http://127.0.0.1:${port}/${api}-api`, { method: "POST", headers, body: JSON.stringify({ query }) });
  tokens[api] = answer.headers.get("vendure-auth-token") ?? tokens[api];
  const { data, errors } = await answer.json();
  return errors ? errors[0].message : Object.values(data)[0];
}
const admin = (query) => ask("admin", query);
const named = (name) => `translations: [{languageCode: en, name: "${name}", description: ""}]`;

await admin(`mutation { login(username: "a", password: "b") { __typename } }`);
await admin(`mutation { createTaxCategory(input: {name: "all", isDefault: true}) { id } }`);
await admin(`mutation { createZone(input: {name: "world"}) { id } }`);
await admin(`mutation { createTaxRate(input: {name: "no", enabled: true, value: 0, categoryId: 1, zoneId: 1}) { id } }`);
await admin(`mutation { updateChannel(input: {id: 1, defaultTaxZoneId: 1, defaultShippingZoneId: 1}) { __typename } }`);
await admin(`mutation { createShippingMethod(input: {code: "post", fulfillmentHandler: "manual-fulfillment",
  checker: {code: "default-shipping-eligibility-checker", arguments: [{name: "orderMinimum", value: "0"}]},
  calculator: {code: "default-shipping-calculator", arguments: [{name: "rate", value: "0"},
    {name: "includesTax", value: "auto"}, {name: "taxRate", value: "0"}]}, ${named("Post")}}) { id } }`);
await admin(`mutation { createPaymentMethod(input: {code: "till", enabled: true,
  handler: {code: "till", arguments: []}, ${named("Till")}}) { id } }`);
await admin(`mutation { createProduct(input: {translations: [
  {languageCode: en, name: "Mug", slug: "mug", description: ""}]}) { id } }`);
await admin(`mutation { createProductVariants(input: [{productId: 1, sku: "M", price: 1500, stockOnHand: 9,
  translations: [{languageCode: en, name: "Mug"}]}]) { id } }`);
await ask("shop", `mutation { addItemToOrder(productVariantId: 1, quantity: 1) { __typename } }`);
await ask("shop", `mutation { setCustomerForOrder(input: {firstName: "A", lastName: "B",
  emailAddress: "a@example.com"}) { __typename } }`);
await ask("shop", `mutation { setOrderShippingMethod(shippingMethodId: [1]) { __typename } }`);
await ask("shop", `mutation { transitionOrderToState(state: "ArrangingPayment") { __typename } }`);
await ask("shop", `mutation { addPaymentToOrder(input: {method: "till", metadata: {}}) { __typename } }`);

for (const [how, more] of [["alone", ""], ["with zeros", ", shipping: 0, adjustment: 0"]]) {
  const made = await admin(`mutation { refundOrder(input: {paymentId: 1, amount: 500, reason: "back"${more}}) {
    ... on Refund { state } } }`);
  console.log(`amount ${how} -> ${made.state ?? made}`);
  const order = await admin(`{ order(id: 1) { payments { refunds { id } } } }`);
  console.log(`refunds of the order: ${order.payments[0].refunds.length}`);
}
process.exit(0);
JAVASCRIPT
node look.mjs | tee seen
diff seen - <<'SEEN'
the handler pays back 500
amount alone -> NOT NULL constraint failed: refund.shipping
refunds of the order: 0
the handler pays back 500
amount with zeros -> Settled
refunds of the order: 1
SEEN
