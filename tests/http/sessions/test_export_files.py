"""Other systems' files over HTTP: how they are read is said in the query, and what is left out is listed."""

import pytest

from merchant_api.accounts.models import MemberRole
from merchant_api.core.table_in import CSV, XLSX
from tests.make.people import make_member, make_merchant
from tests.make.sessions import make_staged
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_token
from tests.make.workbooks import make_workbook


@pytest.fixture
def send(client, database):
    """Sends a file as a clerk of a merchant who has a mug."""
    merchant = make_merchant()
    make_staged(merchant)
    make_product(merchant, on_hand=3, sku="MUG")
    clerk = bearer(make_token(make_member(merchant, MemberRole.CLERK, "Deepa")))

    def call(raw, kind=CSV, query=None, **headers):
        url = f"/v1/merchants/{merchant.id}/sessions/staged/counts/import"
        return client.post(url, data=raw, content_type=kind, query_string=query, headers=clerk | headers)

    return call


def test_the_same_file_read_in_another_way_is_another_request(send):
    key, file = {"Idempotency-Key": "monday"}, b"sku,quantity,stock\nMUG,5,6\n"

    first = send(file, query={"column.quantity": "quantity"}, **key)
    again = send(file, query={"column.quantity": "quantity"}, **key)
    other = send(file, query={"column.quantity": "stock"}, **key)

    assert (again.data, first.json["columns"]["quantity"]) == (first.data, ["quantity"])
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_a_workbook_is_counted_whatever_it_is_sent_as(send, kind):
    reply = send(make_workbook([["SKU", "Stock"], ["MUG", 5.0]]), kind)

    assert (reply.status_code, reply.json["read_as"], reply.json["lines"][0]["quantity"]) == (200, "xlsx", 5)


def test_tabs_have_a_media_type_of_their_own(send):
    assert send(b"seller-sku\tquantity\nMUG\t5\n", "text/tab-separated-values").json["counted"] == 1


def test_an_export_is_read_as_the_query_says_and_what_is_left_out_is_listed(send):
    file = b"Handle,SKU,Shelf,On hand (current),On hand (new)\nmug,MUG,A,5,6\ncup,CUP,B,1,1\n"

    reply = send(file, query={"ignore_unknown": "true", "column.quantity": "On hand (new)"}).json

    assert [(line["sku"], line["quantity"]) for line in reply["lines"]] == [("MUG", 6)]
    assert reply["left_out"] == [{"line": 3, "sku": "CUP", "why": "there is no such SKU"}]
    assert (reply["left_out_columns"], reply["read_as"], reply["rows"]) == (["Shelf"], "UTF-8", 2)
    assert reply["columns"] == {"sku": ["SKU"], "quantity": ["On hand (new)"]}


@pytest.mark.parametrize(
    "query",
    ["ignore_unknown=yes", "column.quantity=", "column.sku=", "column.price=Price", "column=quantity", "columns=x"],
)
def test_a_file_is_read_as_said_in_words_that_are_known(send, query):
    assert send(b"sku,quantity\nMUG,5\n", query=query).status_code == 422
