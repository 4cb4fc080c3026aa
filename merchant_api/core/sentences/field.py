"""Sentences in replies: a field that puts them into the reader's words, and which replies have one."""

from functools import cache
from typing import Any

from marshmallow import Schema, fields

from merchant_api.core.sentences import language
from merchant_api.core.sentences.sentence import Sentence


class SentenceOut(fields.String):
    """A sentence in the language of whoever reads, or null."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return value.in_language(language.of_reader()) if isinstance(value, Sentence) else None


@cache
def is_worded(schema: type[Schema] | None) -> bool:
    """Whether a reply of this shape depends on the reader's language; one without a shape does not."""
    return schema is not None and any(_is_worded(field) for field in schema().fields.values())


def _is_worded(field: fields.Field[Any]) -> bool:
    if isinstance(field, fields.List):
        return _is_worded(field.inner)
    if isinstance(field, fields.Nested):
        return is_worded(type(field.schema))
    return isinstance(field, SentenceOut)
