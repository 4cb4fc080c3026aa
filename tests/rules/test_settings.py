"""What the environment says of the database is taken as libpq takes it, hosts of push services by name, or refused."""

import pytest
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from merchant_api.core.settings import BadSetting, load


def connecting(url):
    """What psycopg is given."""
    loaded = load({"DATABASE_URL": url, "ORDERBELL_SECRET_KEYS": "k" * 40})
    return PGDialect_psycopg().create_connect_args(make_url(loaded.database_url))[1]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://u:p%40@one/db", {"host": "one", "dbname": "db", "user": "u", "password": "p@"}),
        ("postgres://u:a,b@one:5433/db", {"host": "one", "port": 5433, "dbname": "db", "user": "u", "password": "a,b"}),
        (
            "postgresql://one:5433,two/db?target_session_attrs=read-write",
            {"host": "one,two", "port": "5433,5432", "dbname": "db", "target_session_attrs": "read-write"},
        ),
        (
            "postgresql://u@[::1]:5433,two:5434/db?sslmode=verify-full",
            {"host": "::1,two", "port": "5433,5434", "dbname": "db", "user": "u", "sslmode": "verify-full"},
        ),
    ],
)
def test_one_server_or_several_are_found_as_libpq_finds_them(url, told):
    assert connecting(url) == told


def test_what_was_understood_is_understood_by_the_processes_that_get_it():
    first = load({"DATABASE_URL": "postgresql://one,two/db", "ORDERBELL_SECRET_KEYS": "k" * 40}).database_url

    assert load({"DATABASE_URL": first, "ORDERBELL_SECRET_KEYS": "k" * 40}).database_url == first


@pytest.mark.parametrize("hosts", ["one,,two", "one:port,two", "[::1,two", "one:1:2,two"])
def test_servers_that_cannot_be_read_are_refused_by_the_name_of_the_setting(hosts):
    with pytest.raises(BadSetting, match="DATABASE_URL names a server"):
        load({"DATABASE_URL": f"postgresql://{hosts}/db", "ORDERBELL_SECRET_KEYS": "k" * 40})


def services(text):
    """The push services that are called."""
    return load({"ORDERBELL_PUSH_SERVICES": text} if text is not None else {}).push_services


@pytest.mark.parametrize("text", [None, ""])
def test_push_services_are_those_of_the_browsers_that_people_have_unless_others_are_named(text):
    assert services(text) >= {"fcm.googleapis.com", "*.push.services.mozilla.com"}
    assert services("Push.Example.com, *.example.org,") == {"push.example.com", "*.example.org"}
    assert services("*") == set()


@pytest.mark.parametrize(
    "entry",
    [
        "https://push.example.com",
        "push.example.com:443",
        "push.*.com",
        "*.com",
        "localhost",
        "*",
        "10.0.0.1",
        "a b.com",
    ],
)
def test_a_push_service_that_is_no_host_is_refused_by_name(entry):
    with pytest.raises(BadSetting) as refused:
        services(f"fcm.googleapis.com,{entry}")

    assert f"ORDERBELL_PUSH_SERVICES has {entry}:" in str(refused.value)


def test_hosts_of_shops_and_our_own_address_are_read_as_they_are_written():
    told = load({"ORDERBELL_SHOP_HOSTS": " shop.lan, 10.0.0.5:3000,,", "ORDERBELL_PUBLIC_URL": "https://bell.example/"})

    assert told.shop_hosts == {"shop.lan", "10.0.0.5:3000"}
    assert (told.public_url, load({}).public_url, load({}).shop_hosts) == ("https://bell.example", "", frozenset())
    for wrong in ("bell.example", "ftp://bell.example", "https://"):
        with pytest.raises(BadSetting, match="ORDERBELL_PUBLIC_URL"):
            load({"ORDERBELL_PUBLIC_URL": wrong})
