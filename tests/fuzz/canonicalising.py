"""Fuzz target: canonical RDF of anything that parses as JSON.

`make fuzz` runs it. What breaks `check` is kept in the corpus, which `test_corpora` replays.
"""

from collections.abc import Callable
from time import process_time

from skillpassport.errors import SkillPassportError
from skillpassport.vc.shapes import Shapes, canonicalize_slowly
from skillpassport.vc.strict_json import StrictJsonError, parse

LONGEST = 5.0
"""Seconds that one input may take; the budgets of work are meant to hold it far below."""

_SHAPES = Shapes()


def check(data: bytes) -> None:
    """Fail for a foreign exception, for two ways that differ, and for an input that takes long."""
    try:
        document = parse(data)
    except StrictJsonError:
        return
    if not isinstance(document, dict):
        return
    start = process_time()
    expected = _answer(lambda: canonicalize_slowly(document))
    for _ in range(3):  # new, compiled, filled
        assert _answer(lambda: _SHAPES.canonicalize(document).decode()) == expected
    assert process_time() - start < 5 * LONGEST


def _answer(way: Callable[[], str]) -> tuple[str, str]:
    try:
        return "canonical", way()
    except SkillPassportError as error:
        return "refused", error.code
