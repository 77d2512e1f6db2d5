"""Kinds of text that bodies carry, each with its own rule."""

import re
import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from skillpassport.credentials.model import MAX_SUBJECT_ID, SUBJECT_ID_PATTERN

MAX_TEXT = 500
MAX_PROSE = 5_000
MAX_LANGUAGES = 40

# Overrides and isolates can make a name read as another one; they have no place in a name.
_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# They show nothing, so that two names that look the same differ, and a name can be all blank. The
# joiners U+200C and U+200D stay allowed: Persian, Sinhala and others are spelled with them.
_INVISIBLE = frozenset(
    "\u00ad\u115f\u1160\u180e\u200b\u2060\u2061\u2062\u2063\u2064\u2800\u3164\ufeff\uffa0"
) | {chr(tag) for tag in range(0xE0000, 0xE0080)}
# Controls, halves of pairs, private use, and the separators that end a line for some readers.
_NOT_FOR_NAMES = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")

# The same rule as an expression, for the description of the API. A test holds the two together.
_NEVER = (
    r"\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u2064\u2066-\u2069\u2800\u3164\ue000-\uf8ff\ufeff\uffa0"
    "\U000e0000-\U000e007f\U000f0000-\U000ffffd\U00100000-\U0010fffd"
)
_BLANK = r"\u0020\u00a0\u1680\u2000-\u200a\u200c\u200d\u202f\u205f\u3000"
READABLE_PATTERN = f"^[^{_NEVER}]*$"
LINE: JsonDict = {"pattern": READABLE_PATTERN, "not": {"pattern": f"^[{_BLANK}]*$"}}
PROSE: JsonDict = {
    "pattern": f"^(?:[^{_NEVER}]|[\\t\\n])*$",
    "not": {"pattern": f"^[{_BLANK}\\t\\n]*$"},
}


def is_readable(text: str) -> bool:
    """Return whether a text has nothing that hides what it says on a screen or in a log."""
    return not any(
        character in _BIDI_CONTROLS
        or character in _INVISIBLE
        or unicodedata.category(character) in _NOT_FOR_NAMES
        for character in text
    )


def _displayable(text: str) -> str:
    """Refuse what a page cannot show as it is: control characters and changes of direction."""
    if not text.replace("\u200c", "").replace("\u200d", "").strip():
        raise PydanticCustomError("text_empty", "Expected a text that is not empty.")
    if not is_readable(text):
        raise PydanticCustomError(
            "text_not_displayable",
            "Expected text without control characters, without invisible ones and without "
            "marks that change the direction of writing.",
        )
    return text


def _prose(text: str) -> str:
    _displayable(text.replace("\n", " ").replace("\t", " "))
    return text


def _languages(names: dict[str, str]) -> dict[str, str]:
    for tag in names:
        if _LANGUAGE.fullmatch(tag) is None:
            raise PydanticCustomError(
                "language_tag", "Expected BCP 47 language tags as names, such as 'en' or 'pt-BR'."
            )
    if not 0 < len(names) <= MAX_LANGUAGES:
        raise PydanticCustomError("language_map", "Expected one to forty languages.")
    return names


Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_TEXT),
    AfterValidator(_displayable),
    Field(json_schema_extra=LINE),
]
"""One line for people to read."""

Prose = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_PROSE),
    AfterValidator(_prose),
    Field(json_schema_extra=PROSE),
]
"""Lines for people to read."""

Names = Annotated[
    dict[str, Text],
    AfterValidator(_languages),
    Field(
        json_schema_extra={
            "minProperties": 1,
            "maxProperties": MAX_LANGUAGES,
            "propertyNames": {"pattern": f"^{_LANGUAGE.pattern}$"},
        }
    ),
]
"""A text in several languages."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,63}$")]
"""An id or a slug."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Jurisdiction = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9+-]{1,19}$")]
# Space is not the same to ECMAScript, whose patterns a description's are, and to whoever checks
# them here: the one has U+FEFF, the other U+0085, which is a control character as well.
_SOLID: Final = r"[^\s\u0000-\u001f\u007f-\u009f\ufeff@]"
FrameworkId = Annotated[
    str, StringConstraints(pattern=rf"^[A-Z][A-Z0-9+-]{{1,19}}:{_SOLID}{{1,59}}$")
]
FrameworkName = Annotated[
    str,
    StringConstraints(pattern=rf"^[A-Z][A-Z0-9+-]{{1,19}}:{_SOLID}{{1,59}}(?:@{_SOLID}{{1,60}})?$"),
]
"""A framework's id, or `ID@EDITION`."""

Notation = Annotated[Text, StringConstraints(max_length=40)]
IscoCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}$")]
IscedCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,4}$")]
EscoUri = Annotated[
    str,
    StringConstraints(
        pattern=r"^http://data\.europa\.eu/esco/[A-Za-z]+/[A-Za-z0-9.-]+$", max_length=200
    ),
]
Uri = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+$", max_length=1000
    ),
]
"""An absolute URI."""

SubjectUri = Annotated[
    str, StringConstraints(pattern=SUBJECT_ID_PATTERN, max_length=MAX_SUBJECT_ID)
]
"""A URI that names a person."""

WebAddress = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+$", max_length=1000),
]
LanguageTag = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}$")
]
