#!/usr/bin/env bash
# requests 2.34.2 (urllib3 2.8.0): an answer that is preceded by 103 Early Hints is lost, the hints are returned in its place.
#
# A server may send any number of interim answers (1xx) before the one that counts (RFC 9110, section 15.2), a client has to
# read past those that it did not ask for. Of them only 100 is passed over; that comes from http.client, on which both are built.
# Whoever calls a server that begins to send hints sees status 103, which counts as "ok", and an empty body.
#
# Output seen:
#   100 before it -> 200 'stock'
#   102 before it -> 102 ''
#   103 before it -> 103 ''
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'requests==2.34.2' 'urllib3==2.8.0'
cat >"$folder/look.py" <<'PYTHON'
import http.server
import threading

import requests


class Shop(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response_only(int(self.path[1:]))
        self.send_header("Link", "</style.css>; rel=preload; as=style")
        self.end_headers()
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"stock")

    def log_message(self, *_):
        pass


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    asked = requests.Session()
    asked.trust_env = False
    for status in (100, 102, 103):
        answer = asked.get(f"http://127.0.0.1:{server.server_address[1]}/{status}")
        print(status, "before it ->", answer.status_code, repr(answer.text))
        asked.close()
    server.shutdown()
PYTHON
"$folder/venv/bin/python" "$folder/look.py" | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN'
100 before it -> 200 'stock'
102 before it -> 102 ''
103 before it -> 103 ''
SEEN
