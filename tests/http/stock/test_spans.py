"""Logs are asked for a span of time that has begun and ends after its beginning."""

from datetime import timedelta

import pytest

from merchant_api.core import clock
from merchant_api.core.schema import rfc3339
from tests.make.people import make_member, make_merchant
from tests.make.tokens import bearer, make_token

LOGS = ("stock/ledger", "stock/log", "stock/records")


def asked(client, log, **hours):
    merchant, now = make_merchant(), clock.now()
    query = {name: rfc3339(now + timedelta(hours=many)) for name, many in hours.items()}
    headers = bearer(make_token(make_member(merchant)))
    return client.get(f"/v1/merchants/{merchant.id}/{log}", query_string=query, headers=headers)


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize(
    ("hours", "wrong"),
    [({"since": 0.1}, "since"), ({"since": 24, "until": 48}, "since"), ({"since": -1, "until": -2}, "until")],
)
def test_a_span_that_cannot_be_is_refused_and_says_why(client, log, hours, wrong):
    reply = asked(client, log, **hours)

    assert (reply.status_code, list(reply.json["errors"])) == (422, [wrong])


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize(
    "hours", [{"since": 0.08}, {"since": -24, "until": 24}, {"since": -1, "until": -1}, {"until": 48}, {"until": -48}]
)
def test_a_span_that_can_be_is_read(client, log, hours):
    assert asked(client, log, **hours).status_code == 200
