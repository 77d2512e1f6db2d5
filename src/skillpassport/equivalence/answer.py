"""Answers about comparability, in the shape in which they leave the service.

Three different kinds of "no" are kept apart: a published gap, nothing known, and a statement that
must not be used. The disclaimer is a part of every answer, since comparability is not recognition.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from skillpassport.equivalence.conditions import Met
from skillpassport.equivalence.model import LevelMapping, Publication
from skillpassport.equivalence.professions import ProfessionAnswer
from skillpassport.equivalence.questions import Purpose
from skillpassport.equivalence.rules import FrameworkLevels, RuleId
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
class JudgedCondition:
    """A rule's condition with what the facts say of it.

    missing: names of the facts that would have to be given to judge it; none where nobody has put
        the condition in a form that can be judged
    """

    text: str
    met: Met
    missing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "text": self.text,
            "met": self.met.to_json(),
            **({"missing": list(self.missing)} if self.missing else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTarget:
    """What a rule compares with: a qualification of the destination, and its levels.

    title: in the words of the source
    by_framework: the destination's own framework first; empty where the source names no level
    """

    title: str
    by_framework: tuple[FrameworkLevels, ...] = ()

    @property
    def framework(self) -> str | None:
        """The framework whose levels come first."""
        return self.by_framework[0].framework if self.by_framework else None

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of that framework."""
        return self.by_framework[0].levels if self.by_framework else ()

    @property
    def level(self) -> str | None:
        """The level, if there is exactly one."""
        return self.levels[0] if len(self.levels) == 1 else None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form; `also` holds the levels of further frameworks."""
        also = [one.to_json() for one in self.by_framework[1:]]
        return {
            **({} if self.framework is None else {"framework": self.framework}),
            "levels": list(self.levels),
            **({} if self.level is None else {"level": self.level}),
            "title": self.title,
            **({"also": also} if also else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAnswer:
    """What a rule, or a decision on a single case, says about a qualification.

    status: `current` or `superseded` of a rule, `precedent` of a decision on a single case
    rule, version: None for a precedent
    differences: substantial differences that were found, in words
    precedent: id of the decision on a single case
    institution: who awarded the qualification of that case, where it counted
    """

    outcome: str
    target: RuleTarget
    basis: Basis
    authoritative: bool
    status: str
    publication: Publication
    evidence: tuple[Evidence, ...]
    valid_on: dt.date
    conditions: JudgedCondition | None = None
    rule: RuleId | None = None
    version: int | None = None
    agreement: str | None = None
    purpose: Purpose | None = None
    measures: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    decided_by: str = ""
    decided_in: int | None = None
    precedent: str | None = None
    institution: str = ""
    disclaimer: str = ""

    @property
    def path(self) -> tuple[Step, ...]:
        """No statement about levels stands behind a rule."""
        return ()

    @property
    def relation(self) -> str:
        """How the qualification is related to the target: by evaluation, not by levels."""
        return "evaluated"

    @property
    def met(self) -> Met:
        """Whether its condition holds; a rule without one always does."""
        return Met.TRUE if self.conditions is None else self.conditions.met

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        optional: dict[str, Any] = {
            "conditions": None if self.conditions is None else self.conditions.to_json(),
            "rule": None if self.rule is None else {"id": self.rule, "version": self.version},
            "agreement": self.agreement,
            "purpose": self.purpose,
            "measures": list(self.measures),
            "differences": list(self.differences),
            "decided_by": self.decided_by,
            "decided_in": self.decided_in,
            "precedent": self.precedent,
            "institution": self.institution,
        }
        return {
            "outcome": self.outcome,
            "target": self.target.to_json(),
            "basis": self.basis,
            "authoritative": self.authoritative,
            "path": [],
            "status": self.status,
            "relation": self.relation,
            "publication": self.publication,
            **{name: value for name, value in optional.items() if value},
            "evidence": [one.to_json() for one in self.evidence],
            "valid_on": self.valid_on.isoformat(),
        }


OneAnswer = LevelAnswer | RuleAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that may not be used as an answer, shown so that a person can look into it.

    place: None for a candidate that is a qualification
    qualification: title of a qualification that may be meant
    registered: its id, where it is one of the registry
    agreement: slug of the agreement that would have to be in force
    """

    status: str
    place: Place | None = None
    qualification: str | None = None
    registered: str | None = None
    agreement: str | None = None
    relation: str | None = None
    sources: tuple[str, ...] = ()
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            **({} if self.place is None else self.place.to_json()),
            **({} if self.qualification is None else {"qualification": self.qualification}),
            **({} if self.registered is None else {"registered": self.registered}),
            "status": self.status,
            **({} if self.agreement is None else {"agreement": self.agreement}),
            **({"relation": self.relation} if self.relation else {}),
            **({"sources": list(self.sources)} if self.sources else {}),
            **({"note": self.note} if self.note else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Statements of one question that do not agree, for a person to weigh.

    decisions: rules that disagree, with each other or with the statements about levels
    """

    text: str
    statements: tuple[Step, ...] = ()
    decisions: tuple[RuleAnswer, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        decisions = [
            {"rule": one.rule, "outcome": one.outcome, "target": one.target.to_json()}
            for one in self.decisions
        ]
        return {
            "text": self.text,
            "statements": [one.to_json() for one in self.statements],
            **({"decisions": decisions} if decisions else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The whole answer to one question.

    explanation: one sentence that says what the kind of answer means here
    disclaimer: never empty
    professions: who decides on the regulated professions that the question is about; None where
        it is about none
    """

    kind: AnswerKind
    explanation: str
    disclaimer: str
    answers: tuple[OneAnswer, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    competent_authority: CompetentAuthority | None = None
    professions: tuple[ProfessionAnswer, ...] | None = None

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
        if self.professions is not None:
            body["regulated_professions"] = [one.to_json() for one in self.professions]
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
