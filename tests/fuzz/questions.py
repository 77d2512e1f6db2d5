"""Fuzz target: what a question in an address says: facts, days, languages, free text on levels."""

import datetime as dt
from contextlib import suppress
from typing import Final

from skillpassport.equivalence.questions import (
    FACT_NAMES,
    FactMistyped,
    FactsMalformed,
    FactUnknown,
    QuestionMalformed,
    read_day,
    read_facts,
)
from skillpassport.frameworks.reading import fold, readings
from skillpassport.frameworks.resolving import Resolution, resolve
from skillpassport.web.preferences import preferred_languages
from tests.support.registry import the_seed

TODAY: Final = dt.date(2026, 11, 22)


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for an answer that contradicts itself."""
    text = data.decode("utf-8", "replace")
    with suppress(FactsMalformed, FactUnknown, FactMistyped):
        assert read_facts(text).keys() <= set(FACT_NAMES)
    with suppress(QuestionMalformed):
        assert read_day(text).isoformat() == text
    assert preferred_languages(text[:35], text)[-1:] == ("en",) or "en" in preferred_languages(
        text[:35], text
    )
    assert fold(fold(text)) == fold(text)
    assert readings(text)[:1]
    if len(text) <= MAX_TEXT:
        found = resolve(the_seed().registry, text, on=TODAY)
        assert found.answer is not Resolution.FOUND or len(found.candidates) == 1


MAX_TEXT: Final = 200
"""As the route bounds it."""
