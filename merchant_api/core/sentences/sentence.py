"""A sentence of ours: a code with figures, which becomes words only where somebody reads it.

What is kept, sent through the house or compared is the code and its figures; the words are those of the language asked
for, English where nobody asks. Sentences may hold sentences, and lists of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from merchant_api.core.sentences import templates
from merchant_api.core.sentences.templates import FALLBACK

Figure: TypeAlias = "int | str | Sentence | list[Sentence]"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A code of the templates, and what its words name: figures, names, or other sentences.

    One that holds figures and names alone is kept as it is, in a column for its code and a JSON one for its figures.
    """

    code: str
    figures: Mapping[str, Figure] = field(default_factory=dict)

    def in_language(self, language: str) -> str:
        """Its words; English in a language that we don't have, the code itself where a newer version wrote it."""
        template = templates.of(language).get(self.code)
        if template is None:
            return self.code
        known = {name: _in_words(figure, language) for name, figure in self.figures.items()}
        return template.form(known).format_map(known)

    def __str__(self) -> str:
        """Its words in English."""
        return self.in_language(FALLBACK)


def say(code: str, **figures: Figure) -> Sentence:
    """A sentence of the templates, with what they name."""
    return Sentence(code, figures)


def say_all(parts: list[Sentence]) -> Sentence:
    """Sentences as one, parted by commas."""
    return parts[0] if len(parts) == 1 else say("list", parts=parts)


def _in_words(figure: Figure, language: str) -> int | str:
    match figure:
        case Sentence():
            return figure.in_language(language)
        case list():
            return templates.of(language)["comma"].other.join(part.in_language(language) for part in figure)
        case _:
            return figure
