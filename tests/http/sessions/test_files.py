"""Files over HTTP: counts that come in as CSV, whatever people send, and sheets and snapshots that go out."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from merchant_api.accounts.models import MemberRole
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.table_in import XLSX
from merchant_api.stock.sessions.counting_routes import FILE
from merchant_api.stock.sessions.csv_import import MOST_LINES
from merchant_api.stock.sessions.models import Count
from tests.make.people import make_customer, make_member, make_merchant
from tests.make.sessions import make_close, make_count, make_staged
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_key, make_token

CSV = "text/csv"


@pytest.fixture
def merchant(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


@pytest.fixture
def clerk(merchant):
    return bearer(make_token(make_member(merchant, MemberRole.CLERK, "Deepa")))


@pytest.fixture
def product(merchant):
    return make_product(merchant, on_hand=3, sku="MUG")


@pytest.fixture
def send(client, merchant, clerk):
    """Sends a file as the clerk."""

    def call(raw, kind=CSV, **headers):
        url = f"/v1/merchants/{merchant.id}/sessions/staged/counts/import"
        return client.post(url, data=raw, content_type=kind, headers=clerk | headers)

    return call


@pytest.fixture
def get(client, merchant, clerk):
    """Asks for something below the sessions, as the clerk unless another one asks."""

    def call(rest, who=None):
        return client.get(f"/v1/merchants/{merchant.id}/sessions{rest}", headers=who or clerk)

    return call


def counts(merchant):
    return session().execute(select(func.count()).where(Count.merchant_id == merchant.id)).scalar_one()


def refused(reply, status, code):
    assert (reply.status_code, reply.content_type) == (status, "application/problem+json"), reply.data
    assert reply.json["code"] == code
    return reply.json


def test_a_clerk_sends_a_file_and_gets_a_report_on_every_line(send, merchant, product, get):
    other = make_product(merchant, sku="BOWL")

    reply = send("\ufeffSKU;Quantity;Comment\r\nMUG;5;top shelf\r\nBOWL;;not found\r\n".encode())

    assert reply.status_code == 200
    first, second = reply.json["lines"]
    assert (reply.json["rows"], reply.json["counted"]) == (2, 1)
    assert reply.json["session_id"] == get("/staged").json["id"]
    assert first == {
        "line": 2,
        "sku": "MUG",
        "location": "default",
        "grade": "default",
        "quantity": 5,
        "comment": "top shelf",
        "count_id": first["count_id"],
    }
    assert (second["sku"], second["quantity"], second["count_id"]) == (other.sku, None, None)
    logged = get("/staged/counts").json["items"]
    assert [(row["id"], row["actor"]["name"]) for row in logged] == [(first["count_id"], "Deepa")]


def test_bad_lines_are_named_and_nothing_is_counted(send, merchant, product):
    problem = refused(send(b"sku,quantity\nMUG,5\nMUG,6\nCUP,1\nMUG,x\n"), 422, "bad_lines")

    assert problem["lines"] == [
        {"line": 3, "column": "sku", "complaint": "the same cell as in line 2"},
        {"line": 4, "column": "sku", "complaint": "there is no such SKU"},
        {"line": 5, "column": "quantity", "complaint": "not a whole number"},
        {"line": 5, "column": "sku", "complaint": "the same cell as in line 2"},
    ]
    assert (problem["total"], problem["detail"]) == (4, "3 lines can't be counted; nothing was counted.")
    assert counts(merchant) == 0


@pytest.mark.parametrize(
    ("raw", "kind", "status", "code"),
    [
        (b"", CSV, 400, "malformed"),
        (b"sku,quantity\nMUG,5\n", "application/json", 415, "unsupported_media_type"),
        (b"sku,quantity\nMUG,5\n", "application/vnd.ms-excel", 415, "unsupported_media_type"),
        (b"sku,quantity\nMUG,5\n", "", 415, "unsupported_media_type"),
        (b'{"sku": "MUG"}', CSV, 422, "bad_lines"),
        (b"\xff\xfe\xff", CSV, 422, "bad_lines"),
        (b"PK\x03\x04\x14\x00\x06\x00", CSV, 422, "bad_lines"),
        (b"PK\x03\x04\x14\x00\x06\x00", XLSX, 422, "bad_lines"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", XLSX, 422, "bad_lines"),
        (b"sku,quantity\nMUG,5\0\n", CSV, 422, "bad_lines"),
        (b"sku,quantity\nMUG,\xff\n", CSV, 422, "bad_lines"),
        (b'sku,quantity\n"MUG,5\n' * 1_000, CSV, 422, "bad_lines"),
        (b"," * 100_000, CSV, 422, "bad_lines"),
        (b'"' * 99_999, CSV, 422, "bad_lines"),
        (b"sku,quantity\nMUG," + b"9" * 5_000 + b"\n", CSV, 422, "bad_lines"),
        (b"sku,quantity\n" + b"MUG,1\n" * (MOST_LINES + 1), CSV, 422, "bad_lines"),
        ("sku,quantity\nM\u202eUX,1\n".encode(), CSV, 422, "bad_lines"),
        (b"sku,quantity\n'; DROP TABLE counts; --,1\n", CSV, 422, "bad_lines"),
    ],
)
def test_a_hostile_body_is_refused_and_changes_nothing(send, merchant, product, raw, kind, status, code):
    refused(send(raw, kind), status, code)

    assert counts(merchant) == 0


def test_a_file_may_be_larger_than_other_bodies_but_not_without_end(send, product, merchant):
    padding = b"," + b" " * 1_000
    large = b"sku,quantity\nMUG,5\n" + (padding + b"\n") * 1_000
    too_large = b"sku,quantity\nMUG,5\n" + b"\n" * FILE.most

    assert send(large).json["counted"] == 1
    refused(send(too_large), 413, "too_large")


def test_a_file_that_comes_in_chunks_is_never_cut_short(client, merchant, clerk, product):
    url, lines = f"/v1/merchants/{merchant.id}/sessions/staged/counts/import", b"sku,quantity\nMUG,5\n"

    def chunked(raw):
        """As a server hands on a body whose length nobody said."""
        stream = {"input_stream": BytesIO(raw), "environ_overrides": {"wsgi.input_terminated": True}}
        return client.post(url, content_type=CSV, headers=clerk | {"Transfer-Encoding": "chunked"}, **stream)

    refused(chunked(lines + b"\n" * FILE.most), 413, "too_large")
    assert counts(merchant) == 0
    assert chunked(lines).json["counted"] == 1


def test_a_file_is_counted_once_with_a_key_and_another_one_is_refused(send, merchant, product):
    key = {"Idempotency-Key": "monday"}

    first = send(b"sku,quantity\nMUG,5\n", **key)
    again = send(b"sku,quantity\nMUG,5\n", **key)
    refused(send(b"sku,quantity\r\nMUG,5\r\n", **key), 422, "idempotency_key_reused")

    assert (again.data, again.headers["Idempotency-Replayed"]) == (first.data, "true")
    assert counts(merchant) == 1


def test_without_a_staged_session_nothing_is_counted(client):
    merchant = make_merchant()
    url = f"/v1/merchants/{merchant.id}/sessions/staged"
    owner = bearer(make_token(make_member(merchant)))

    refused(
        client.post(f"{url}/counts/import", data=b"sku\n", content_type=CSV, headers=owner), 409, "no_staged_session"
    )
    for rest in ("/sheet", "/sheet.csv"):
        refused(client.get(url + rest, headers=owner), 409, "no_staged_session")


def test_formulas_are_text_on_their_way_in_and_harmless_on_their_way_out(send, get, merchant):
    make_product(merchant, sku="=1+1", name="@cmd")

    assert send(b"sku,quantity,comment\n=1+1,5,=cmd()\n").json["counted"] == 1

    assert get("/staged/counts").json["items"][0]["comment"] == "=cmd()"
    assert get("/staged/sheet.csv").data.splitlines()[1].startswith(b"'=1+1,'@cmd,")


def test_the_sheet_is_blind_unless_one_asks(get, merchant, product):
    make_count(product, 4)

    blind, seeing = get("/staged/sheet").json["items"][0], get("/staged/sheet?show_expected=true").json["items"][0]

    assert (blind["sku"], blind["name"], blind["category"]) == ("MUG", product.name, None)
    assert (blind["counted"]["quantity"], blind["counted"]["by"]["kind"]) == (4, "owner")
    assert (blind["on_hand"], blind["on_shelf"]) == (None, None)
    assert (seeing["on_hand"], seeing["on_shelf"]) == (3, 3)


def test_who_may_count_but_not_read_stock_counts_blindly(get, merchant, product):
    counter = bearer(make_key(merchant, {"sessions.count"}, "Scanner"))

    assert get("/staged/sheet", counter).status_code == get("/staged/sheet.csv", counter).status_code == 200
    for rest in ("/staged/sheet?show_expected=true", "/staged/sheet.csv?show_expected=true"):
        assert refused(get(rest, counter), 403, "forbidden")["permission"] == "stock.read"


def test_the_sheet_shows_what_is_missing_page_by_page(get, merchant):
    missing = {make_product(merchant).sku for _ in range(3)}
    make_count(make_product(merchant), 5)

    page = get("/staged/sheet?counted=false&limit=2").json
    rest = get(f"/staged/sheet?counted=false&limit=2&cursor={page['next']}").json

    assert {row["sku"] for row in page["items"] + rest["items"]} == missing
    assert rest["next"] is None


@pytest.mark.parametrize(
    "query", ["counted=maybe", "counted=1", "show_expected=", "category=", "limit=0", "cursor=x", "sku=MUG"]
)
def test_a_sheet_is_asked_for_in_words_that_it_knows(get, merchant, query):
    assert get(f"/staged/sheet?{query}").status_code == 422


def test_a_sheet_as_a_file_comes_back_filled_in(send, get, merchant, product):
    reply = get("/staged/sheet.csv?counted=false")
    filled = reply.get_data(as_text=True).replace("default,default,,", "default,default,8,")

    done = send(filled.encode())

    assert reply.content_type == "text/csv; charset=utf-8"
    assert reply.headers["Content-Disposition"].startswith('attachment; filename="counting-sheet-20')
    assert done.json["lines"][0]["quantity"] == 8
    assert get("/staged/sheet.csv?counted=false").data.count(b"\r\n") == 1


def test_a_snapshot_is_downloaded_as_csv(get, merchant, product):
    make_count(product, 5)
    closed = make_close(merchant).closed

    reply = get(f"/{closed.id}/snapshot.csv")

    header, line = reply.data.decode().splitlines()
    assert header == "sku,name,location,grade,on_hand,held,available,used"
    assert line == f"MUG,{product.name},default,default,3,0,3,0"
    assert (
        reply.headers["Content-Disposition"] == f'attachment; filename="snapshot-{closed.closed_at:%Y-%m-%dT%H%MZ}.csv"'
    )


def test_only_closed_sessions_of_ones_own_have_a_snapshot(get, client, merchant, product):
    make_count(product, 5)
    closed = make_close(merchant).closed
    other = make_merchant()
    stranger = bearer(make_token(make_member(other)))

    refused(get("/live/snapshot.csv"), 409, "not_closed")
    refused(get(f"/{new_id()}/snapshot.csv"), 404, "not_found")
    refused(get("/nonsense/snapshot.csv"), 404, "not_found")
    url = f"/v1/merchants/{other.id}/sessions/{closed.id}/snapshot.csv"
    refused(client.get(url, headers=stranger), 404, "not_found")


def test_customers_neither_count_nor_see_sheets(get, client, merchant):
    customer = bearer(make_token(make_customer(merchant)))

    for rest in ("/staged/sheet", "/staged/sheet.csv", f"/{new_id()}/snapshot.csv"):
        assert get(rest, customer).status_code == 403 if "staged" in rest else 404
