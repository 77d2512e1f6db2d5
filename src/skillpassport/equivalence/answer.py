"""Answers about comparability, in the shape in which they leave the service.

Three different kinds of "no" are kept apart: a published gap, nothing known, and a statement that
must not be used. The disclaimer is a part of every answer, since comparability is not recognition.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from skillpassport.equivalence.model import LevelMapping, Publication
from skillpassport.frameworks.model import CompetentAuthority, Source


class AnswerKind(StrEnum):
    """What came of a question, best first."""

    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    PUBLISHED_GAP = "published_gap"
    NOT_USABLE = "not_usable"
    UNKNOWN = "unknown"


SAME_LEVEL: Final = "same_level"


class Basis(StrEnum):
    """What an answer rests on, strongest first."""

    DECISION = "decision"
    AGREEMENT = "agreement"
    MAPPING = "mapping"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A level of an edition of a framework; `level` is None where there is none."""

    framework: str
    edition: str | None
    level: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"framework": self.framework, "edition": self.edition, "level": self.level}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One statement on the way, read from `origin` to `target`; `backward` against its wording."""

    origin: Place
    target: Place
    mapping: LevelMapping
    backward: bool

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "from": self.origin.to_json(),
            "to": self.target.to_json(),
            "relation": self.mapping.relation,
            "read": "backward" if self.backward else "forward",
            "publication": self.mapping.publication,
            "sources": list(self.mapping.sources),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A source that an answer cites, with the note of the statement that cites it."""

    source: Source
    publication: Publication
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "source": self.source.id,
            "title": self.source.title,
            "where": self.source.where,
            "read": self.source.read,
            "publication": self.publication,
            **({"note": self.note} if self.note else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAnswer:
    """What one target level, or its absence, rests on.

    outcome: `comparable`, or the absence: `no_comparable_level`, `not_usable`
    status: the relation of a published statement; of any other its footing: `secondary_source`,
        `superseded`, `not_endorsed`, or `derived`
    title, uri: of the target level, where known
    """

    outcome: str
    target: Place
    basis: Basis
    authoritative: bool
    path: tuple[Step, ...]
    status: str
    publication: Publication
    evidence: tuple[Evidence, ...]
    valid_on: dt.date
    title: str | None = None
    uri: str | None = None
    disclaimer: str = ""

    @property
    def relation(self) -> str:
        """The relation that is stated; `derived` where it only follows from statements.

        `same_level` where the question leads back to the framework it came from.
        """
        if not self.path:
            return SAME_LEVEL
        return "derived" if self.basis is Basis.DERIVED else self.path[0].mapping.relation

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form; `levels` is empty where there is no level."""
        return {
            "outcome": self.outcome,
            "target": self._target(),
            "basis": self.basis,
            "authoritative": self.authoritative,
            "path": [step.to_json() for step in self.path],
            "status": self.status,
            "relation": self.relation,
            "publication": self.publication,
            "evidence": [one.to_json() for one in self.evidence],
            "valid_on": self.valid_on.isoformat(),
            **({"disclaimer": self.disclaimer} if self.disclaimer else {}),
        }

    def _target(self) -> dict[str, Any]:
        level = self.target.level
        return {
            "framework": self.target.framework,
            "edition": self.target.edition,
            "levels": [] if level is None else [level],
            **({} if level is None else {"level": level}),
            **({} if self.title is None else {"title": self.title}),
            **({} if self.uri is None else {"uri": self.uri}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that may not be used as an answer, shown so that a person can look into it."""

    place: Place
    status: str
    relation: str | None = None
    sources: tuple[str, ...] = ()
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            **self.place.to_json(),
            "status": self.status,
            **({"relation": self.relation} if self.relation else {}),
            **({"sources": list(self.sources)} if self.sources else {}),
            **({"note": self.note} if self.note else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Statements of one question that do not agree, for a person to weigh."""

    text: str
    statements: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"text": self.text, "statements": [one.to_json() for one in self.statements]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The whole answer to one question.

    explanation: one sentence that says what the kind of answer means here
    disclaimer: never empty
    """

    kind: AnswerKind
    explanation: str
    disclaimer: str
    answers: tuple[LevelAnswer, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    competent_authority: CompetentAuthority | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form that the routes and the verification report give."""
        body: dict[str, Any] = {
            "answer": self.kind,
            "explanation": self.explanation,
            "answers": [one.to_json() for one in self.answers],
            "conflicts": [one.to_json() for one in self.conflicts],
            "candidates": [one.to_json() for one in self.candidates],
            "disclaimer": self.disclaimer,
        }
        if self.competent_authority is not None:
            body["competent_authority"] = authority_to_json(self.competent_authority)
        return body


def authority_to_json(authority: CompetentAuthority) -> Mapping[str, Any]:
    """Return a competent authority with the day of the record, since contacts go stale."""
    return {
        "id": authority.id,
        "jurisdiction": authority.jurisdiction,
        "name": dict(authority.name),
        "scope": dict(authority.scope),
        "as_of": authority.as_of.isoformat(),
        "sources": list(authority.sources),
        **({"isco": list(authority.isco)} if authority.isco else {}),
        **({"url": authority.url} if authority.url else {}),
    }
