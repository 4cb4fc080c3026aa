"""Keys that were stored under another spelling of their path are found under the resource; of two the first stands."""

from uuid import UUID

from sqlalchemy import NullPool, create_engine, text

from merchant_api.core import migrate
from tests.make.revisions import before

SHOP = UUID("01a20300-7ce5-7102-bca7-4cc59c9b7987")
SMALL, CAPITALS = f"/v1/merchants/{SHOP}/orders", f"/v1/merchants/{str(SHOP).upper()}/orders"
MIXED = CAPITALS.replace("BCA7", "bca7")
KEPT = [  # key, path, minute, and the path under which it is found then
    ("k-1", CAPITALS, 0, SMALL),
    ("k-2", SMALL, 1, SMALL),
    ("k-2", CAPITALS, 0, CAPITALS),
    ("k-3", MIXED, 0, SMALL),
    ("k-3", CAPITALS, 1, CAPITALS),
    ("K-4", SMALL, 0, SMALL),
]


def test_keys_of_paths_in_capitals_are_found_again(empty: str):
    migrate.downgrade(empty, before("key_scopes"))
    engine = create_engine(empty, poolclass=NullPool)
    row = text(
        "INSERT INTO idempotency_keys (merchant_id, actor_id, scope, key, fingerprint, claimed_at) "
        "VALUES (:shop, 'customer:1', :scope, :key, '', timestamptz '2026-11-01' + make_interval(mins => :minute))"
    )
    with engine.begin() as connection:
        for key, path, minute, _ in KEPT:
            connection.execute(row, {"shop": SHOP, "scope": f"POST {path}", "key": key, "minute": minute})

    migrate.upgrade(empty)

    with engine.connect() as connection:
        found = connection.execute(text("SELECT key, scope, claimed_at FROM idempotency_keys")).all()
    assert sorted((each.key, each.scope, each.claimed_at.minute) for each in found) == sorted(
        (key, f"POST {path}", minute) for key, _, minute, path in KEPT
    )
