"""Names of languages: tags that are well-formed by BCP 47 (RFC 5646), kept in its spelling.

That we have no words of a language, or that nobody registered a subtag, is no reason to refuse it: whoever words a
message takes what is nearest. Primary languages of four letters or more are refused, though the grammar has room for
them: there are none, and `nepali` would quietly be told in English.
"""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import fields

LONGEST = 200
_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}"
    r"(-[a-z]{4})?"
    r"(-([a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<extensions>(-[0-9a-wy-z](-[a-z0-9]{2,8})+)*)"
    r"(-x(-[a-z0-9]{1,8})+)?"
    r"|x(-[a-z0-9]{1,8})+"
)
# Registered before there was a grammar, and of no form of it (RFC 5646, "irregular").
_OLDER = re.compile(
    r"i-(ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|en-gb-oed|sgn-(be-fr|be-nl|ch-de)"
)


def canonical(tag: str) -> str:
    """The tag in its spelling: `EN-gb` is en-GB, `zh-hant-tw` is zh-Hant-TW. ValueError for what is none."""
    small = tag.lower()
    if not tag.isascii() or len(tag) > LONGEST or not (_OLDER.fullmatch(small) or _is_well_formed(small)):
        raise ValueError(tag)
    parts = small.split("-")
    ends = next((place for place, part in enumerate(parts) if len(part) == 1), len(parts))
    return "-".join(_spelt(part) if 0 < place < ends else part for place, part in enumerate(parts))


def _is_well_formed(tag: str) -> bool:
    match = _TAG.fullmatch(tag)
    if match is None:
        return False
    variants = (match["variants"] or "").split("-")[1:]
    singletons = re.findall(r"-(.)(?=-)", match["extensions"] or "")
    return all(len(set(some)) == len(some) for some in (variants, singletons))


def _spelt(part: str) -> str:
    return {2: part.upper(), 4: part.capitalize()}.get(len(part), part)


class LanguageTag(fields.String):
    """A language, and perhaps a script, a country and more, as ne, en-GB or zh-Hant-TW."""

    default_error_messages = {"malformed": "Not a language tag of BCP 47, as ne or en-GB."}  # noqa: RUF012 - as the library has it

    def __init__(self, **options: Any) -> None:
        super().__init__(
            metadata={"description": "A tag of BCP 47 (en-GB, zh-Hant-TW), kept in its spelling."}, **options
        )

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return canonical(str(text))
        except ValueError as error:
            raise self.make_error("malformed") from error
