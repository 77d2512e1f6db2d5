"""Members of records that files bring, each checked: texts, numbers, days, lists, codes."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from skillpassport.frameworks.importing.problems import RowRefused
from skillpassport.frameworks.importing.record_file import clean_text

MAX_NAMES: Final = 40
"""Aliases, codes, occupations: no qualification has nearly as many."""

MAX_PARTS: Final = 400
MAX_TEXT: Final = 500
MAX_PROSE: Final = 5_000

_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?", re.ASCII)
SHAPES: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    name: (re.compile(shape, re.ASCII), what)
    for name, shape, what in (
        ("id", r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}", "letters, figures, '-', '.', '_' and ':'"),
        ("country", r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?", "an ISO 3166 code such as 'GH' or 'GB-SCT'"),
        ("region", r"[A-Z]{2,12}(?:-[A-Z0-9]{1,3})?", "a code such as 'GH', 'GB-SCT' or 'ASEAN'"),
        ("standard", r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", "letters, figures, '-', '.' and '_'"),
        ("isced_f", r"[0-9]{2,4}", "two to four figures of ISCED-F 2013"),
        ("isced_p", r"[0-9]{1,3}", "one to three figures of ISCED-P 2011"),
        ("isco", r"[0-9]{1,4}", "one to four figures of ISCO-08"),
        ("esco", r"https?://[!-~]{1,300}", "a URI of ESCO"),
    )
}


def mistyped(member: str, expected: str) -> RowRefused:
    """Return the refusal of a member that is another kind of value."""
    return RowRefused(member, "member-mistyped", f"Expected {expected}, found another value.")


def text_of(record: Mapping[str, Any], member: str, longest: int = MAX_TEXT) -> str | None:
    """Return a member that is a text, stripped and in NFC; None where it is empty or not there.

    Raises: RowRefused
    """
    value = record.get(member)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise mistyped(member, "a text")
    text = clean_text(value, member)
    if len(text) > longest:
        raise RowRefused(
            member, "cell-too-long", f"Expected at most {longest} characters; shorten it."
        )
    return text or None


def needed_text(record: Mapping[str, Any], member: str) -> str:
    """Return a member that must say something.

    Raises: RowRefused
    """
    text = text_of(record, member)
    if text is None:
        raise RowRefused(member, "cell-empty", "Expected a value, found none; fill it in.")
    return text


def shaped(member: str, text: str, shape: str = "") -> str:
    """Return a text that has the form of its member, or another one of `SHAPES`.

    Raises: RowRefused
    """
    form, what = SHAPES[shape or member]
    if form.fullmatch(text) is None:
        raise RowRefused(member, f"{member}-malformed", f"Expected {what}, found '{text[:80]}'.")
    return text


def optional_text(record: Mapping[str, Any], member: str) -> str | None:
    """Return a member of a certain form; None where it is not there.

    Raises: RowRefused
    """
    text = text_of(record, member)
    return None if text is None else shaped(member, text)


def number_of(record: Mapping[str, Any], member: str) -> str | None:
    """Return a number as text: a cell's, or a JSON number or text."""
    value = record.get(member)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = str(value) if is_number else text_of(record, member)
    if text is None:
        return None
    try:
        number = Decimal(text) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text) else None
    except InvalidOperation:
        number = None
    if number is None:
        raise RowRefused(
            member,
            "number-malformed",
            f"Expected a number such as 120 or 7.5, found '{text[:20]}'.",
        )
    return text


def list_of(record: Mapping[str, Any], member: str, most: int) -> list[Any]:
    """Return a member that is a list; none where it is not there.

    Raises: RowRefused
    """
    value = record.get(member, [])
    if not isinstance(value, list):
        raise mistyped(member, "a list")
    if len(value) > most:
        raise RowRefused(member, "list-too-long", f"Expected at most {most}, found {len(value)}.")
    return value


def texts_of(record: Mapping[str, Any], member: str) -> list[str]:
    """Return the texts of a list, each once.

    Raises: RowRefused
    """
    found = []
    for each in list_of(record, member, MAX_NAMES):
        text = text_of({member: each}, member)
        if text is None:
            raise mistyped(member, "texts")
        found.append(text)
    return list(dict.fromkeys(found))


def object_of(value: object, member: str, known: frozenset[str]) -> Mapping[str, Any]:
    """Return an object whose members are all known.

    Raises: RowRefused
    """
    if not isinstance(value, dict):
        raise mistyped(member, "objects")
    if not known.issuperset(value):
        raise RowRefused(
            member, "member-unknown", f"Expected members out of {', '.join(sorted(known))}."
        )
    return value


def languages_of(value: object, member: str) -> dict[str, str]:
    """Return texts by language, at least one.

    Raises: RowRefused
    """
    if not isinstance(value, dict) or not value or len(value) > MAX_NAMES:
        raise RowRefused(member, "title-missing", 'Expected texts by language: {"en": "Welder"}.')
    found = {}
    for tag in value:
        text = text_of(value, tag)
        if text is None or not isinstance(tag, str) or _TAG.fullmatch(tag) is None:
            raise mistyped(member, "texts by language tag")
        found[tag] = text
    return found


def day_of(record: Mapping[str, Any], member: str) -> str | None:
    """Return a day as it is written, `YYYY-MM-DD`; None where it is not there.

    Raises: RowRefused
    """
    text = text_of(record, member)
    try:
        if text is None or dt.date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise RowRefused(
        member, "day-malformed", f"Expected a day as YYYY-MM-DD, found '{(text or '')[:20]}'."
    )


def period_of(record: Mapping[str, Any]) -> dict[str, str]:
    """Return `valid_from` and `valid_until`, those that are there, in their order.

    Raises: RowRefused
    """
    first, last = day_of(record, "valid_from"), day_of(record, "valid_until")
    if first is not None and last is not None and last < first:
        raise RowRefused(
            "valid_until", "period-reversed", "Expected a last day that is not before the first."
        )
    return {
        name: day for name, day in (("valid_from", first), ("valid_until", last)) if day is not None
    }
