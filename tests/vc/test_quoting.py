"""Texts of strangers cannot rewrite the sentence around them."""

import pytest

from skillpassport.vc.data_integrity import CryptosuiteUnknown
from skillpassport.vc.quoting import quoted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eddsa-jcs-2022", "'eddsa-jcs-2022'"),
        ("https://a.example/b#c", "'https://a.example/b#c'"),
        ("a\u202edilav", "'a?dilav'"),
        ("a\nINFO ok", "'a?INFO?ok'"),
        ("<script>", "'?script?'"),
        ("\x1b[31m", "'??31m'"),
        ("еddsa", "'?ddsa'"),
        ("'; x", "'???x'"),
        ("a" * 50, f"'{'a' * 40}...'"),
    ],
)
def test_only_plain_characters_are_repeated(text: str, expected: str) -> None:
    assert quoted(text) == expected


def test_an_error_quotes_what_the_document_says() -> None:
    message = CryptosuiteUnknown("x\u202e<b>", ["eddsa-jcs-2022"]).message
    assert "\u202e" not in message
    assert "<b>" not in message
