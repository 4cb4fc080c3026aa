"""Sentences are codes with figures: the same ones in both languages, in words only for whoever reads."""

import ast
import re

import pytest
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from merchant_api.core.sentences import templates
from merchant_api.core.sentences.language import choose, of_reader, reading
from merchant_api.core.sentences.sentence import Sentence, say, say_all
from merchant_api.stock.states import Reason
from notifications import wording
from tests.house.sources import sources

OF_ITS_OWN = {"text", "list", "comma"}


def asked(header):
    return choose(parse_accept_header(header, LanguageAccept))


def test_both_languages_have_the_same_sentences_naming_the_same_things():
    english, nepali = ({code: t.names for code, t in templates.of(name).items()} for name in ("en", "ne"))

    assert english == nepali


def test_notifications_speak_the_same_languages():
    assert templates.languages() == wording.languages()


@pytest.mark.parametrize("language", ["en", "ne"])
def test_no_form_of_a_sentence_names_what_the_common_one_does_not(language):
    for code, template in templates.of(language).items():
        common = templates.Template(language, template.other).names | {template.by}
        assert template.names <= common, code


@pytest.mark.parametrize("language", ["en", "ne"])
def test_every_sentence_can_be_said_of_any_figures(language):
    for code, template in templates.of(language).items():
        for number in (0, 1, 2, 1_000_000):
            said = Sentence(code, dict.fromkeys(template.names, number)).in_language(language)

            assert said.strip()
            assert not {"{", "}"} & set(said)


def test_what_the_code_says_is_there_and_what_is_there_is_said():
    tables = "|".join({code.partition(".")[0] for code in templates.of("en")} - OF_ITS_OWN)
    written = {said for source in sources("merchant_api") for said in source.strings()}
    named = {said for said in written if re.fullmatch(rf"({tables})\.[a-z_]+", said)}
    named |= {f"reason.{reason.value}" for reason in Reason}

    assert named == set(templates.of("en")) - OF_ITS_OWN


def test_who_says_a_sentence_gives_all_that_it_names():
    said = [call for source in sources("merchant_api") for call in ast.walk(source.tree) if is_say(call)]

    wrong = {code for call in said for code in codes(call.args[0]) if given(call) != templates.of("en")[code].names}

    assert len(said) > 20
    assert wrong == set()


def is_say(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"


def codes(node):
    """The codes that stand in a call; none where it gives a name."""
    texts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return [text for text in texts if text in templates.of("en")]


def given(call):
    return {keyword.arg for keyword in call.keywords}


def test_a_sentence_is_read_in_the_language_asked_for():
    short = say("verdict.stock", wanted=5, available=2)

    assert str(short) == "5 wanted, 2 available"
    assert short.in_language("ne") == "5 मागिएको, 2 उपलब्ध"
    assert short.in_language("fr") == str(short)


@pytest.mark.parametrize(
    ("left", "english", "nepali"),
    [(0, "Sold out.", "सकियो।"), (1, "Only 1 left.", "1 मात्र बाँकी।"), (9, "Only 9 left.", "9 मात्र बाँकी।")],
)
def test_nothing_is_said_in_a_form_of_its_own(left, english, nepali):
    sentence = say("window.refuse", left=left)

    assert (str(sentence), sentence.in_language("ne")) == (english, nepali)


@pytest.mark.parametrize(("holds", "english"), [(1, "so by 1 open hold"), (2, "so by 2 open holds")])
def test_one_is_said_otherwise_than_many(holds, english):
    assert str(say("figures.by_holds", said="so", holds=holds)) == english


def test_sentences_hold_sentences_and_are_read_in_one_language():
    parts = [say("plan.counted", units=9), say("plan.went_out", units=1)]
    whole = say("ledger.done_by", said=say_all(parts), who="{Binod}")

    assert str(whole) == "9 counted, 1 went out since ({Binod})"
    assert whole.in_language("ne") == "9 गनियो, त्यसपछि 1 गयो ({Binod})"


def test_what_a_newer_version_says_is_shown_by_its_code():
    assert Sentence("verdict.of_tomorrow", {"wanted": 5}).in_language("ne") == "verdict.of_tomorrow"


def test_what_was_said_before_there_were_codes_is_said_as_it_was():
    assert Sentence("text", {"text": "asked {twice}"}).in_language("ne") == "asked {twice}"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("ne", "ne"),
        ("ne-NP", "ne"),
        ("NE-np", "ne"),
        ("en-NP", "en"),
        ("en-NP;q=0.9, ne;q=0.8", "en"),
        ("en-NP;q=0.5, ne;q=0.8", "ne"),
        ("ne-NP, en;q=0.9", "ne"),
        ("fr, ne;q=0.1", "ne"),
        ("fr", "en"),
        ("*", "en"),
        ("ne;q=0", "en"),
        ("nepali", "en"),
        ("ne;q=much, \x00, ;;,=", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_the_one_most_wanted_that_we_have(header, language):
    assert asked(header) == language


def test_who_reads_is_known_until_the_reading_is_over():
    with reading("ne"):
        inside = of_reader()

    assert (inside, of_reader()) == ("ne", "en")
