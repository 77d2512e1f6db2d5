"""Reading a file of JSON records, each with the line where it begins.

The file is read by the strict parser first; only the lines are found by a second, simpler walk.
"""

import json
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from skillpassport.frameworks.importing.problems import FileUnreadable, RowRefused
from skillpassport.frameworks.reading import has_control_characters, has_heaped_marks
from skillpassport.vc.strict_json import JsonValue, StrictJsonError, parse

MAX_FILE_BYTES: Final = 64 * 1024 * 1024

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_DECODER: Final = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Record:
    """One object of a file of JSON; what is wrong with it is raised where a member is asked for.

    line: where it begins in the file
    """

    line: int
    members: Mapping[str, JsonValue]

    def check_members(self, known: Collection[str]) -> None:
        """Refuse a record with a member of another name: what it says would be lost.

        Raises: RowRefused
        """
        others = sorted(set(self.members).difference(known))
        if others:
            raise RowRefused(
                others[0],
                "member-unknown",
                f"Expected members out of {', '.join(sorted(known))}, found another; take it out.",
            )

    def text(self, member: str) -> str:
        """Return a text, stripped and in NFC; empty where the member is not there.

        Raises: RowRefused
        """
        value = self.members.get(member)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise RowRefused(member, "member-mistyped", "Expected a text, found another value.")
        return clean_text(value, member)

    def needed(self, member: str) -> str:
        """Return a text that must say something.

        Raises: RowRefused
        """
        text = self.text(member)
        if not text:
            raise RowRefused(member, "member-missing", "Expected a text, found none; fill it in.")
        return text

    def texts(self, member: str) -> tuple[str, ...]:
        """Return the texts of a list; none where the member is not there.

        Raises: RowRefused
        """
        value = self.members.get(member)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise RowRefused(member, "member-mistyped", "Expected a list of texts.")
        return tuple(clean_text(str(one), member) for one in value)

    def language_map(self, member: str) -> dict[str, str]:
        """Return texts by language tag, at least one.

        Raises: RowRefused
        """
        value = self.members.get(member)
        texts: dict[str, str] = {}
        if isinstance(value, dict):
            texts = {
                tag: clean_text(text, member)
                for tag, text in value.items()
                if tag and isinstance(text, str) and text.strip()
            }
        if not isinstance(value, dict) or not texts or len(texts) != len(value):
            raise RowRefused(
                member, "member-mistyped", 'Expected texts by language, such as {"en": "Name"}.'
            )
        return texts


def clean_text(text: str, member: str) -> str:
    """Return a text stripped and in NFC.

    Raises: RowRefused, for characters that are not seen
    """
    if has_heaped_marks(text):
        raise RowRefused(
            member,
            "cell-characters",
            "Expected letters with a few marks each, found them heaped; take them out.",
        )
    cleaned = unicodedata.normalize("NFC", text).strip()
    if has_control_characters(cleaned):
        raise RowRefused(
            member,
            "cell-characters",
            "Expected text that can be seen, found a control character; take it out.",
        )
    return cleaned


def read_records(data: bytes) -> Iterator[Record]:
    """Yield the objects of a JSON array.

    data: UTF-8, with or without a byte order mark; at most `MAX_FILE_BYTES`
    Raises: FileUnreadable
    """
    text, found = _parse(data)
    if not isinstance(found, list):
        raise FileUnreadable("Expected a JSON array of records, found another value.", line=1)
    lines = _lines_of_items(text)
    for line, members in zip(lines, found, strict=True):
        yield Record(line, _object(members, line))


def read_named_records(data: bytes) -> Iterator[tuple[str, Record]]:
    """Yield the names and objects of a JSON object of objects.

    data: as in `read_records`
    Raises: FileUnreadable
    """
    text, found = _parse(data)
    if not isinstance(found, dict):
        raise FileUnreadable("Expected a JSON object of records by name, found another.", line=1)
    lines = _lines_of_members(text)
    for line, (name, members) in zip(lines, found.items(), strict=True):
        yield name, Record(line, _object(members, line))


def _parse(data: bytes) -> tuple[str, JsonValue]:
    content = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        return content.decode("utf-8", "replace"), parse(content, max_bytes=MAX_FILE_BYTES)
    except StrictJsonError as error:
        raise FileUnreadable(error.message, line=1) from error


def _object(value: JsonValue, line: int) -> Mapping[str, JsonValue]:
    if not isinstance(value, dict):
        raise FileUnreadable("Expected an object, found another value.", line=line)
    return value


def _lines_of_items(text: str) -> Iterator[int]:
    place, line, seen = _skip(text, text.index("[") + 1), 1, 0
    while text[place] != "]":
        line, seen = line + text.count("\n", seen, place), place
        yield line
        place = _skip(text, _end_of_value(text, place))


def _lines_of_members(text: str) -> Iterator[int]:
    place, line, seen = _skip(text, text.index("{") + 1), 1, 0
    while text[place] != "}":
        line, seen = line + text.count("\n", seen, place), place
        yield line
        value = _skip(text, _end_of_value(text, place))
        place = _skip(text, _end_of_value(text, value))


def _end_of_value(text: str, place: int) -> int:
    found: tuple[Any, int] = _DECODER.raw_decode(text, place)
    return found[1]


def _skip(text: str, place: int) -> int:
    while text[place] in " \t\r\n,:":
        place += 1
    return place
