"""A span of time in the query of a log: `since` inclusive, `until` exclusive.

What is logged has happened: a span that begins ahead of now, or ends before it begins, is a mistake, and is said to be
one. An empty list would pass for an answer.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from merchant_api.core import clock
from merchant_api.core.give_or_take import is_ahead
from merchant_api.core.paging import PageIn
from merchant_api.core.schema import InstantIn, rfc3339


class SpanIn(PageIn):
    """A page of what happened between two instants; of everything where none is named."""

    since = InstantIn(load_default=None, metadata={"description": "Inclusive; not ahead of now."})
    until = InstantIn(load_default=None, metadata={"description": "Exclusive; not before `since`."})

    @validates_schema
    def _is_a_span(self, data: Mapping[str, Any], **_: object) -> None:
        since, until, now = data["since"], data["until"], clock.now()
        if since is not None and is_ahead(since, now):
            raise ValidationError(f"Lies ahead: it is {rfc3339(now)} now.", "since")
        if since is not None and until is not None and until < since:
            raise ValidationError("Lies before `since`.", "until")
