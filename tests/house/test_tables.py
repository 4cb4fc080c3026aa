"""Every business table is led by `merchant_id` in its keys (DESIGN.md 4.1), and says what one row of it means."""

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from merchant_api.core.db import Model
from merchant_api.tables import METADATA

# A person's own rows, keyed by person or by a token of theirs, and rows of the installation.
OWN = {
    "people",
    "sign_ins",
    "access_tokens",
    "refresh_tokens",
    "login_attempts",
    "known_networks",
    "devices",
    "heartbeats",
    "installation_keys",
}
MERCHANTS = "merchants"
BUSINESS = sorted(set(METADATA.tables) - OWN - {MERCHANTS})


def test_what_is_listed_as_own_exists():
    assert set(METADATA.tables) >= OWN


@pytest.mark.parametrize("name", BUSINESS)
def test_the_primary_key_is_led_by_the_merchant(name: str):
    assert next(iter(METADATA.tables[name].primary_key.columns)).name == "merchant_id"


@pytest.mark.parametrize("name", BUSINESS)
def test_unique_keys_are_led_by_the_merchant(name: str):
    table = METADATA.tables[name]
    unique = [key.columns for key in table.constraints if isinstance(key, UniqueConstraint)]
    unique += [index.columns for index in table.indexes if index.unique]

    assert [next(iter(columns)).name for columns in unique] == ["merchant_id"] * len(unique)


@pytest.mark.parametrize("name", BUSINESS)
def test_foreign_keys_stay_within_the_merchant(name: str):
    for key in _foreign_keys(METADATA.tables[name]):
        first = key.elements[0]

        assert first.parent.name == "merchant_id"
        assert first.target_fullname == "merchants.id" or first.column.name == "merchant_id"


@pytest.mark.parametrize("name", sorted(OWN | {MERCHANTS}))
def test_no_row_of_a_person_points_at_a_merchants_rows(name: str):
    targets = {key.referred_table.name for key in _foreign_keys(METADATA.tables[name])}

    assert targets <= OWN


def test_every_table_says_what_a_row_means():
    models = [mapper.class_ for mapper in Model.registry.mappers]

    assert [model.__name__ for model in models if not (model.__dict__.get("__doc__") or "").strip()] == []


def _foreign_keys(table: Table) -> list[ForeignKeyConstraint]:
    return [key for key in table.constraints if isinstance(key, ForeignKeyConstraint)]
