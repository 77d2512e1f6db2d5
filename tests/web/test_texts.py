"""What the description says of a text is what the validators do."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from skillpassport.web.texts import (
    LINE,
    PROSE,
    READABLE_PATTERN,
    FrameworkId,
    Prose,
    Text,
    is_readable,
)

ODD = "\u200b\u200c\u00ad\u202e\u2028\x85\xa0\u3000\ue000\uffa0\ufeff\u0600\U000e0041\U000f0000"
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(ODD + "\t\n a"))
)


def described(schema: Mapping[str, object], text: str) -> bool:
    """Return whether a schema takes a text; Python's `$` would admit a last line feed."""
    pattern, blank = str(schema["pattern"]), schema["not"]
    assert isinstance(blank, dict)
    return (
        0 < len(text) <= 500
        and re.search(pattern.replace("$", r"\Z"), text) is not None
        and re.search(str(blank["pattern"]).replace("$", r"\Z"), text) is None
    )


def taken(kind: TypeAdapter[str], text: str) -> bool:
    try:
        kind.validate_python(text)
    except ValidationError:
        return False
    return True


LINES, LETTERS = TypeAdapter[str](Text), TypeAdapter[str](Prose)


@given(TEXTS)
@example("\u200c\u200d")
@example("\n")
@example(" \u2003")
def test_a_text_is_taken_exactly_when_the_description_says_so(text: str) -> None:
    assert taken(LINES, text) is described(LINE, text)
    assert taken(LETTERS, text) is described(PROSE, text)
    assert is_readable(text) is (re.search(READABLE_PATTERN.replace("$", r"\Z"), text) is not None)


@pytest.mark.parametrize("character", sorted(ODD))
def test_an_odd_character_is_judged_alike(character: str) -> None:
    text = f"a{character}b"
    assert taken(LINES, text) is described(LINE, text)


@pytest.mark.parametrize("space", [" ", "\0", "\x85", "\ufeff", "\u3000", "\u2028"])
def test_no_id_of_a_framework_holds_a_space_of_either_kind_of_pattern(space: str) -> None:
    """ECMAScript has U+FEFF among them and not U+0085, the validator the other way round."""
    kind = TypeAdapter[str](FrameworkId)
    pattern = str(kind.json_schema()["pattern"])
    assert re.search(pattern, f"XY:a{space}b") is None
    with pytest.raises(ValidationError):
        kind.validate_python(f"XY:a{space}b")
    assert kind.validate_python("XY:ab") == "XY:ab"
