"""The language of whoever reads: what was asked for by Accept-Language (RFC 9110), as far as we have words of it.

It is known from the beginning of a request to its end, in its own context; outside of one it is English.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel.core import get_global
from werkzeug.datastructures import LanguageAccept

from merchant_api.core.sentences.templates import FALLBACK, languages

_reader: ContextVar[str] = ContextVar("reader", default=FALLBACK)


def choose(accepted: LanguageAccept) -> str:
    """The language most wanted among ours, by its first subtag ("en-NP" is "en", "npi" is "ne"); else English."""
    best, language = 0.0, FALLBACK
    for tag, quality in accepted:
        first = tag.replace("_", "-").partition("-")[0].lower()
        name = get_global("language_aliases").get(first, first)
        if name in languages() and quality > best:
            best, language = quality, name
    return language


@contextmanager
def reading(language: str) -> Iterator[None]:
    """Within it, whoever reads does so in this language."""
    before = _reader.set(language)
    try:
        yield
    finally:
        _reader.reset(before)


def of_reader() -> str:
    """The language of whoever reads what is being written."""
    return _reader.get()
