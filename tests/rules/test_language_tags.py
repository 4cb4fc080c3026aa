"""Well-formed tags of BCP 47 are kept in its spelling, and find the nearest of our texts; others are refused."""

import re

import pytest
from werkzeug.datastructures import LanguageAccept

from merchant_api.core.language_tag import canonical
from merchant_api.core.sentences import language
from notifications.wording import language_of, word

KEPT = {
    "es-419": "es-419",
    "en-NP": "en-NP",
    "EN-gb": "en-GB",
    "ca-valencia": "ca-valencia",
    "NE": "ne",
    "xx": "xx",
    "zh-hant-tw": "zh-Hant-TW",
    "SR-LATN": "sr-Latn",
    "sr-latn-rs": "sr-Latn-RS",
    "de-ch-1901": "de-CH-1901",
    "sl-ROZAJ-biske-1994": "sl-rozaj-biske-1994",
    "zh-cmn-hans-cn": "zh-cmn-Hans-CN",
    "ZH-yue-HK": "zh-yue-HK",
    "en-US-u-CA-buddhist": "en-US-u-ca-buddhist",
    "en-a-myext-b-another": "en-a-myext-b-another",
    "de-DE-u-co-PHONEBK-x-AB-cdef": "de-DE-u-co-phonebk-x-ab-cdef",
    "az-latn-X-LATN": "az-Latn-x-latn",
    "x-Whatever-Y": "x-whatever-y",
    "QAA-qaaa-qm-x-southern": "qaa-Qaaa-QM-x-southern",
    "de-1a2b": "de-1a2b",
    "I-KLINGON": "i-klingon",
    "en-gb-OED": "en-GB-oed",
    "sgn-be-fr": "sgn-BE-FR",
    "zh-min-nan": "zh-min-nan",
}
MALFORMED = (
    *("", "-", "e", "en-", "-en", "en--GB", "en_GB", "en_US.UTF-8", "en GB", " en", "en\n", "../en", "12", "én", "*"),
    *("de-419-DE", "a-DE", "en-x", "en-u", "x", "x-", "en-a-b-c", "ar-a-aaa-b-bbb-a-ccc", "de-1901-1901", "i-nothing"),
    *("en-é", "en-toolongpart", "nepali", "klingon", "e\u212a", "\uff45\uff4e", "en-x" + "-aaaaaaaa" * 30),
)


@pytest.mark.parametrize(("given", "kept"), KEPT.items())
def test_a_well_formed_tag_is_kept_in_its_spelling(given, kept):
    assert canonical(given) == canonical(kept) == kept


@pytest.mark.parametrize("tag", MALFORMED)
def test_a_malformed_tag_is_refused(tag):
    with pytest.raises(ValueError, match=f"^{re.escape(tag)}$"):
        canonical(tag)


@pytest.mark.parametrize("tag", [*KEPT.values(), *MALFORMED])
def test_a_message_is_worded_in_every_language_somehow(tag):
    payload = {"code": "7K2M", "amount": {"amount": 300000, "currency": "NPR"}}

    wording = word("payment.refunded", "customer", payload, locale=tag, time_zone="Asia/Kathmandu")

    assert "7K2M" in wording.title
    assert "3,000.00" in wording.body


@pytest.mark.parametrize(
    ("tag", "nearest"),
    [
        *(("ne", "ne"), ("ne-IN", "ne"), ("ne-Latn-NP", "ne"), ("npi", "ne"), ("nep-NP", "ne"), ("ne-x-en", "ne")),
        *(("en-NP", "en"), ("eng", "en"), ("es-419", "en"), ("x-ne", "en"), ("i-default", "en"), ("new", "en")),
    ],
)
def test_the_nearest_text_is_taken_for_messages_and_replies(tag, nearest):
    assert language_of(tag) == nearest
    assert language.choose(LanguageAccept([(tag, 1.0)])) == nearest
