"""The words of a notification: sentences from templates/, filled with what the event says.

A sentence that names something unknown or not applicable is left out, so a payload that lacks a key gives a shorter
text, never a broken one. "Nobody answered" is never worded as "declined".
"""

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Formatter
from typing import Any, Literal

from babel.core import get_global

from notifications.facts import Facts, Language

Audience = Literal["merchant", "customer"]

_FALLBACK = "en"


@dataclass(frozen=True)
class Wording:
    """What a person reads."""

    title: str
    body: str


def word(event_type: str, audience: Audience, payload: Mapping[str, object], *, locale: str, time_zone: str) -> Wording:
    """The words of an event for one audience, times in `time_zone` (IANA name; UTC if unknown).

    A locale whose language we have no sentences of gets English; an event without sentences gets those of any order.
    """
    name = language_of(locale)
    texts = _texts(name)
    sentences = texts.get(audience, {}).get(event_type, texts["fallback"])
    known = Facts(payload, Language(name, texts, time_zone)).spoken(audience)
    title = _joined([sentences["title"]], known) or _joined([texts["fallback"]["title"]], {"code": "", **known})
    return Wording(title.strip(), _joined(sentences["body"], known))


def language_of(locale: str) -> str:
    """The language of ours nearest to a tag ("ne", "ne-NP", "en_GB", "npi-Deva"), English where none is near."""
    first = locale.replace("_", "-").partition("-")[0].lower()
    name = get_global("language_aliases").get(first, first)
    return name if name in languages() else _FALLBACK


@functools.cache
def languages() -> frozenset[str]:
    """The languages that there are sentences of."""
    names = (entry.name for entry in files("notifications").joinpath("templates").iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@functools.cache
def _texts(language: str) -> dict[str, Any]:
    return tomllib.loads(files("notifications").joinpath("templates", f"{language}.toml").read_text("utf-8"))


def _joined(sentences: Sequence[str], known: Mapping[str, str]) -> str:
    return " ".join(sentence.format_map(known) for sentence in sentences if _names(sentence) <= known.keys())


@functools.cache
def _names(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)
