"""What an occupation or a qualification asks for, told as a standard.

An ESCO occupation lists skills, and ESCO never decides: of its profile nothing is ever met by a
likeness of labels, so such a comparison explains and leaves every unit to a person. A registered
qualification's own units are a standard like any other.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from skillpassport.equivalence.outcomes.model import Shown
from skillpassport.frameworks.model import Footing
from skillpassport.frameworks.qualifications import Qualification
from skillpassport.frameworks.standards import OccupationalStandard, StandardId, StandardUnit
from skillpassport.frameworks.taxonomies.model import (
    ATTRIBUTIONS,
    Concept,
    ConceptKind,
    Related,
    RelationKind,
    Scheme,
)

SkillsNamed = Callable[[str], Sequence[Concept]]
"""Gives the concepts of ESCO with a name equal to a text after folding, in any language."""


def profile_of_occupation(occupation: Concept, related: Iterable[Related]) -> OccupationalStandard:
    """Return the skills of an ESCO occupation as units, the essential ones first."""
    skills = sorted(
        (one for one in related if one.kind in {RelationKind.ESSENTIAL, RelationKind.OPTIONAL}),
        key=lambda one: (one.kind is RelationKind.OPTIONAL, one.concept.uri),
    )
    return OccupationalStandard(
        id=StandardId(occupation.uri),
        title=occupation.labels,
        authority=ATTRIBUTIONS[Scheme.ESCO],
        isco=() if occupation.isco_group is None else (occupation.isco_group,),
        units=tuple(
            StandardUnit(
                title=one.concept.labels,
                footing=Footing.READ,
                kind=one.concept.skill_type or "",
                essential=one.kind is RelationKind.ESSENTIAL,
                esco=(one.concept.uri,),
            )
            for one in skills
        ),
        footing=Footing.READ,
        sources=(),
    )


def profile_of_qualification(qualification: Qualification) -> OccupationalStandard:
    """Return the units of a qualification as a standard; its outcomes, where it has no units."""
    units = tuple(
        StandardUnit(
            title=unit.title,
            footing=Footing.READ,
            code=unit.code,
            hours=unit.hours,
            level=unit.level,
            esco=tuple(dict.fromkeys(uri for each in unit.outcomes for uri in each.esco)),
        )
        for unit in qualification.units
    ) or tuple(
        StandardUnit(title=each.statement, footing=Footing.READ, code=each.code, esco=each.esco)
        for each in qualification.outcomes
    )
    return OccupationalStandard(
        id=StandardId(qualification.id),
        title=qualification.title,
        authority=qualification.awarding_body or "",
        country=qualification.country,
        isco=qualification.isco,
        level=qualification.level,
        total_hours=qualification.hours,
        valid_from=qualification.valid_from,
        valid_until=qualification.valid_until,
        units=units,
        footing=Footing.READ,
        sources=qualification.sources,
    )


def with_skills(shown: Shown, named: SkillsNamed) -> Shown:
    """Return what is shown with the ESCO skills that have its very title, in whatever language."""
    if shown.esco:
        return shown
    found = dict.fromkeys(
        concept.uri
        for title in shown.title.values()
        for concept in named(title)
        if concept.kind is ConceptKind.SKILL
    )
    return replace(shown, esco=tuple(found))
