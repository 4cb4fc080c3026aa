"""Every kind of shop has a connector that loads, and says of itself what people need to connect one."""

from pathlib import Path

import pytest

from merchant_api.channels import connectors, kinds, kinds_shown
from merchant_api.channels.states import ChannelKind
from tests.http.orders.conftest import Shop

FOLDER = Path(kinds.__file__).parent


@pytest.mark.parametrize("kind", ChannelKind)
def test_a_kind_loads_and_says_what_it_wants(kind):
    if not (FOLDER / kind.value).is_dir():
        pytest.skip(f"THERE IS NO CONNECTOR FOR {kind.value.upper()} YET: kinds/{kind.value}/ is missing")

    able = connectors.of(kind).abilities

    assert kind in connectors.kinds()
    assert able.most_set >= 1
    assert able.most_read >= 1
    assert able.calls_at_once >= 1
    assert all(field.name and field.title for field in able.credentials)
    assert all(name and title for name, title in able.options.items())


def test_every_kind_has_a_title():
    assert set(kinds_shown.TITLES) == set(ChannelKind)


def test_anybody_who_signed_in_reads_which_kinds_there_are(client):
    shop = Shop(client)

    told = {who: shop.client.get("/v1/channel-kinds", headers=shop.headers[who]) for who in shop.headers}

    assert {who: reply.status_code for who, reply in told.items() if reply.status_code != 200} == {
        "key": 403,
        "nobody": 401,
    }
    assert [each["kind"] for each in told["newcomer"].json["items"]] == [kind.value for kind in connectors.kinds()]
