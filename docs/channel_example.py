"""A whole shop that Orderbell keeps in step: docs/channels.md. A real one keeps items and orders in its database."""

import base64, contextlib, hmac, json, os, time, urllib.request, uuid  # noqa: E401, I001 - all on one screen
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY, EVENTS_URL = base64.b64decode(os.environ["SHOP_SECRET"].removeprefix("whsec_")), os.environ.get("EVENTS_URL")
PRICE = {"amount": 150000, "currency": "NPR"}  # minor units
ITEMS = {sku: {"shop_id": sku, "sku": sku, "name": sku, "level": 10, "price": PRICE} for sku in ("MUG", "BOWL")}
ORDERS = {}  # oldest first: a mark is how many were told. Where orders change, a mark must count changes


def signed(message, stamp, body):
    mac = base64.b64encode(hmac.digest(KEY, f"{message}.{stamp}.".encode() + body, "sha256"))
    return {"webhook-id": message, "webhook-timestamp": stamp, "webhook-signature": f"v1,{mac.decode()}"}


def answer(asked, data):  # what Orderbell asks; None: there is no such thing here
    rows, told = data.get("levels", ()), len(ORDERS) if data.get("mark") is None else data["mark"]
    ids = data.get("ids", list(ORDERS)[told:])
    for row in rows:
        ITEMS.get(row["shop_id"], {})["level"] = row["level"]  # what a shopper can buy from now on
    gone = [{"shop_id": row["shop_id"], "state": "gone"} for row in rows if row["shop_id"] not in ITEMS]
    return {
        "ping": {"account": "Example", "currency": "NPR", "can": ["levels", "orders", "items"]},
        "levels.set": {"results": gone},
        "levels.read": {"levels": [ITEMS[each] for each in data.get("shop_ids", ()) if each in ITEMS]},
        "items.read": {"items": list(ITEMS.values()), "cursor": None},
        "orders.read": {"orders": [ORDERS[each] for each in ids if each in ORDERS], "mark": len(ORDERS)},
    }.get(asked)


def buy(wanted):  # a shopper pays for units by SKU
    order = {"id": uuid.uuid4().hex, "placed_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "is_paid": True}
    lines = [{"key": sku, "shop_id": sku, "name": sku, "quantity": wanted[sku], "unit_price": PRICE} for sku in wanted]
    ORDERS[order["id"]] = order = order | {"currency": "NPR", "lines": lines}
    for sku in wanted:
        ITEMS[sku]["level"] -= wanted[sku]
    event = json.dumps({"type": "order.placed", "timestamp": order["placed_at"], "data": order}).encode()
    headers = {"Content-Type": "application/json"} | signed(order["id"], str(int(time.time())), event)
    with contextlib.suppress(OSError):  # an event that is lost is no harm: orders.read tells the order once more
        _ = EVENTS_URL and urllib.request.urlopen(urllib.request.Request(EVENTS_URL, event, headers), timeout=10)
    return order


class Shop(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        message, stamp, given = (self.headers.get(f"webhook-{each}", "") for each in ("id", "timestamp", "signature"))
        ours = signed(message, stamp, body)["webhook-signature"].encode()
        is_theirs = any(hmac.compare_digest(ours, each.encode()) for each in given.split())
        call, is_new = json.loads(body), is_theirs and abs(time.time() - int(stamp)) < 300
        said = buy(call) if self.path == "/buy" else answer(call["type"], call["data"]) if is_new else {}
        self.send_response(200 if said else 401 if said == {} else 404)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())


server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "0"))), Shop)
print(f"http://127.0.0.1:{server.server_port}/orderbell", flush=True)
server.serve_forever()
