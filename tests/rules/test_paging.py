"""Cursors: a key in, the same key out, and nothing else opens."""

import base64
from uuid import UUID

import pytest

from merchant_api.core.errors import Invalid
from merchant_api.core.ids import new_id
from merchant_api.core.paging import LARGEST_PAGE, BadCursor, PageIn, Window, cursor_of, cut, window

ID = UUID("019f4a1c-0000-7000-8000-00000000beef")
RECORD, CELL = (UUID, int), (UUID, UUID, UUID)


@pytest.mark.parametrize(
    ("key", "kinds"),
    [((ID,), (UUID,)), ((ID, 0), RECORD), ((ID, 2**31 - 1), RECORD), ((new_id(), new_id(), new_id()), CELL)],
)
def test_a_cursor_holds_the_whole_key(key, kinds):
    assert window(50, cursor_of(*key), kinds) == Window(50, key)


@pytest.mark.parametrize("kinds", [(UUID,), RECORD, CELL])
@pytest.mark.parametrize("cursor", ["", "abc", "é", "\0", "=", "====", "a" * 10_000, "-" * 26, cursor_of(ID, ID)])
def test_what_was_not_given_out_by_such_a_list_is_refused(cursor, kinds):
    with pytest.raises(BadCursor):
        window(50, cursor, kinds)


def test_a_list_of_one_kind_refuses_the_cursor_of_another():
    with pytest.raises(BadCursor):
        window(50, cursor_of(ID), RECORD)
    with pytest.raises(BadCursor):
        window(50, cursor_of(ID, 1), (UUID,))


def test_cursors_that_were_given_out_before_are_good():
    line = base64.urlsafe_b64encode(ID.bytes + (7).to_bytes(4, "big")).decode()
    cell = base64.urlsafe_b64encode(ID.bytes * 3).decode()

    assert window(50, line, RECORD).after == (ID, 7)
    assert window(50, cell, CELL).after == (ID, ID, ID)


def test_a_query_becomes_a_window():
    assert PageIn().load({}) == Window(50, None)
    assert PageIn().load({"limit": "500", "cursor": cursor_of(ID)}) == Window(LARGEST_PAGE, (ID,))
    with pytest.raises(Invalid):
        PageIn().load({"limit": "0"})


def test_a_page_names_the_next_one_where_there_is_more():
    ids = sorted(new_id() for _ in range(3))

    page = cut(ids, Window(2), lambda row: (row,))

    assert (page.items, page.next) == (ids[:2], cursor_of(ids[1]))
    assert cut(ids, Window(3), lambda row: (row,)).next is None
