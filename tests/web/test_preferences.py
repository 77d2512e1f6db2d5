"""Which languages a reader is answered in."""

import pytest
from starlette.testclient import TestClient

from skillpassport.web.preferences import preferred_languages
from tests.support.web import a_web_app


@pytest.mark.parametrize(
    ("lang", "header", "expected"),
    [
        (None, None, ("en",)),
        ("fr", None, ("fr", "en")),
        (None, "am, fr;q=0.5", ("am", "fr", "en")),
        (None, "fr;q=0.3, ar-EG;q=0.9, pt", ("pt", "ar-EG", "fr", "en")),
        ("tl", "en, fr", ("tl", "en", "fr")),
        (None, "fr;q=0, de", ("de", "en")),
        (None, "*, en;q=0.1", ("en",)),
        ("../../etc", "en\r\nx", ("en",)),
        (None, ";;,,q=1;", ("en",)),
        (None, "fr;q=banana", ("fr", "en")),
        (None, "xx-" + "a" * 5_000, ("en",)),
    ],
)
def test_the_query_comes_first_then_the_header_then_english(
    lang: str | None, header: str | None, expected: tuple[str, ...]
) -> None:
    assert preferred_languages(lang, header) == expected


def test_a_long_header_yields_few_languages() -> None:
    header = ",".join(f"{a}{b}" for a in "abcdefgh" for b in "abcdefgh")
    assert len(preferred_languages(None, header)) == 11


def test_a_route_gets_the_languages_of_whoever_asks() -> None:
    with TestClient(a_web_app()) as client:
        answer = client.get("/sample/languages?lang=sw", headers={"Accept-Language": "fr"})
    assert answer.json() == ["sw", "fr", "en"]
