"""Reading `PQF level 5` as a framework and a level, without ever guessing.

Acronyms collide: PQF is the Philippines', Pakistan's, Poland's and the Pacific's. Free text that
fits several frameworks is ambiguous, whatever the level; a jurisdiction narrows it.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from skillpassport.frameworks.errors import EditionUnknown, FrameworkUnknown
from skillpassport.frameworks.model import Edition, Framework
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.registry import Registry, is_of

# "level" and the small words beside it, folded, as certificates print them.
_FILLERS: Final = frozenset(
    {"level", "levels", "niveau", "niva", "nivel", "nivell", "livello", "stufe", "poziom"}
    | {"uroven", "tase", "taso", "lygis", "limenis", "szint", "nivo", "razina", "grade"}
    | {"at", "of", "the", "on", "la", "le", "de", "der", "des"}
)


_FIGURES: Final = re.compile(r"[0-9]{1,2}(?:\.[0-9])?[a-z]?\+?")
_ROMAN: Final = re.compile(r"[ivx]{1,4}")


class Resolution(StrEnum):
    """What came of reading a text."""

    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A framework that a text may mean.

    level: notation of the framework's own; as written where no list of its levels is known;
        None where the text names no level, or one that the framework does not have
    is_listed: whether the level is in a list of the framework's levels
    """

    framework: Framework
    edition: Edition | None
    level: str | None
    is_listed: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """The reading of a text: one candidate when found, several when ambiguous."""

    answer: Resolution
    candidates: tuple[Candidate, ...]


def resolve(
    registry: Registry, text: str, *, on: dt.date, jurisdiction: str | None = None
) -> Resolved:
    """Return which framework and level a text means, if exactly one is meant.

    A framework that lists its levels and lacks the one named is no candidate, unless no framework
    has it: then the answer is `unknown` and the candidates show what the name alone would mean.

    text: an id, an abbreviation or a name, with or without a level: `PQF level 5`, `NO:NKR 6`
    on: the day whose editions are meant
    """
    mentions = [
        one
        for one in _mentions_in(registry, text)
        if jurisdiction is None or is_of(one.framework, jurisdiction)
    ]
    candidates = tuple(_candidate(registry, one, on) for one in mentions)
    fitting = tuple(
        candidate
        for candidate, mention in zip(candidates, mentions, strict=True)
        if candidate.level is not None or not mention.level
    )
    if not fitting:
        return Resolved(Resolution.UNKNOWN, candidates)
    return Resolved(Resolution.FOUND if len(fitting) == 1 else Resolution.AMBIGUOUS, fitting)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """A framework that a text names, by which of its names, and what is left: the level."""

    framework: Framework
    name: str
    level: str
    edition: Edition | None = None


def _mentions_in(registry: Registry, text: str) -> list[_Mention]:
    """Return the frameworks that a text names, in order of id.

    An id is exact. A name inside a longer name that is also there does not count: `NQR-BB 6` is
    not the Austrian NQR.
    """
    by_id = _by_id(registry, text)
    if by_id is not None:
        return [by_id]
    folded = fold(text)
    hits = [
        _Mention(framework=framework, name=name, level=_level_text(rest))
        for framework in registry.search()
        if framework.is_comparable
        for name in _names(framework)
        if (rest := _without(folded, name)) is not None
    ]
    whole = [one for one in hits if not any(_is_inside(one.name, other.name) for other in hits)]
    return list({one.framework.id: one for one in whole}.values())


def _by_id(registry: Registry, text: str) -> _Mention | None:
    words = text.split(" ")
    for count in (2, 1):  # `GB-ENG NIR:RQF` is one id, its `+` read as a space
        name = " ".join(words[:count])
        try:
            framework, edition = registry.named(name)
        except (FrameworkUnknown, EditionUnknown):
            continue
        if framework.is_comparable:
            rest = _level_text(fold(" ".join(words[count:])))
            return _Mention(framework=framework, name=name, level=rest, edition=edition)
    return None


def _names(framework: Framework) -> Iterable[str]:
    texts = (*framework.acronyms, *framework.name.values())
    return {folded for folded in map(fold, texts) if folded}


def _without(text: str, name: str) -> str | None:
    """Return a text without a name in it, or None where the name is not there as whole words."""
    before, found, after = f" {text} ".partition(f" {name} ")
    return f"{before} {after}".strip() if found else None


def _is_inside(name: str, other: str) -> bool:
    return name != other and f" {name} " in f" {other} "


def _level_text(rest: str) -> str:
    """Return what names the level in the folded rest of a text."""
    return " ".join(word for word in rest.split() if word not in _FILLERS)


def _candidate(registry: Registry, mention: _Mention, on: dt.date) -> Candidate:
    framework = mention.framework
    edition = mention.edition or registry.edition_in_force(framework.id, on)
    if edition is None or not mention.level:
        return Candidate(framework=framework, edition=edition, level=None, is_listed=False)
    for level in registry.levels(framework.id, edition.label):
        if mention.level in {fold(one) for one in (level.notation, *level.aliases)}:
            return Candidate(
                framework=framework, edition=edition, level=level.notation, is_listed=True
            )
    notation = None if registry.has_list(edition) else _as_notation(mention.level)
    return Candidate(framework=framework, edition=edition, level=notation, is_listed=False)


def _as_notation(text: str) -> str | None:
    """Return a text that reads like a level where no list can tell: figures or a roman number."""
    if _FIGURES.fullmatch(text):
        return text
    return text.upper() if _ROMAN.fullmatch(text) else None
