"""The words of our sentences by their codes, one file a language: en.toml, ne.toml, with the same codes and names.

A template is a text, or several of which a number chooses: `by` names it, and the forms are those of the Unicode CLDR
(`one`, `other`), with `none` before them for 0. What is stored names codes: a code's names never become more.
"""

import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from string import Formatter
from typing import Any

from babel import Locale

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Template:
    """One sentence: its common form, and others by the figure that chooses."""

    language: str
    other: str
    by: str | None = None
    forms: Mapping[str, str] = field(default_factory=dict)

    def form(self, figures: Mapping[str, int | str]) -> str:
        """The form for these figures."""
        number = figures.get(self.by) if self.by else None
        if not isinstance(number, int):
            return self.other
        if number == 0 and "none" in self.forms:
            return self.forms["none"]
        return self.forms.get(_plural(self.language, number), self.other)

    @property
    def names(self) -> frozenset[str]:
        """Everything that it names, in whichever form."""
        texts = [self.other, *self.forms.values()]
        return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


@functools.cache
def languages() -> frozenset[str]:
    """The languages that we have words of."""
    names = (entry.name for entry in files(__package__).iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@functools.cache
def of(language: str) -> Mapping[str, Template]:
    """The templates of a language by their codes; English ones for a language that we don't have."""
    name = language if language in languages() else FALLBACK
    written = tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
    return dict(_templates(name, written, ""))


def _templates(language: str, written: Mapping[str, Any], within: str) -> Iterator[tuple[str, Template]]:
    for name, text in written.items():
        code = f"{within}{name}"
        if isinstance(text, str):
            yield code, Template(language, text)
        elif "by" in text:
            forms = {form: words for form, words in text.items() if form not in ("by", "other")}
            yield code, Template(language, text["other"], text["by"], forms)
        else:
            yield from _templates(language, text, f"{code}.")


def _plural(language: str, number: int) -> str:
    return str(_locale(language).plural_form(number))


@functools.cache
def _locale(language: str) -> Any:
    return Locale.parse(language)
