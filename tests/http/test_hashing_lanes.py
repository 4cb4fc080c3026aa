"""Who waits in the lane of those who hash, and who has nothing to hash and goes by."""

import asyncio

import pytest
from flask import Flask

from merchant_api.accounts.errors import HashingBusy
from merchant_api.server.lanes import HashingLanes


def passes(app: Flask, body: bytes) -> bool:
    """Whether a change of oneself goes on while another holds the lane."""

    async def beside_another() -> bool:
        lanes = HashingLanes(app, 1, 8)
        async with lanes.of("PATCH", "/v1/me", b'{"password": "x", "current_password": "y"}'):
            try:
                async with lanes.of("PATCH", "/v1/me", body):
                    return True
            except HashingBusy:
                return False

    return asyncio.run(beside_another())


@pytest.mark.parametrize("body", [b"", b'{"name": "Maya"}', b'{"locale": "ne"}'])
def test_who_changes_no_password_waits_behind_nobody_who_does(app: Flask, body: bytes) -> None:
    assert passes(app, body)


@pytest.mark.parametrize("word", [b"password", rb"p\u0061ssword", rb"\u0070\u0061\u0073\u0073word"])
def test_a_password_is_known_however_its_name_is_spelt(app: Flask, word: bytes) -> None:
    assert not passes(app, b'{"%s": "eleven brass lamps", "current_password": "x"}' % word)


def test_a_name_is_known_by_its_letters_where_both_are_spelt_by_numbers(app: Flask) -> None:
    assert not passes(app, rb'{"\u0070assword": "a", "current_\u0070assword": "b"}')
