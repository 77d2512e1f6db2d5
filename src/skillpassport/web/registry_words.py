"""The words of the registry for people: kinds of answers, relations, footings, kinds of frameworks.

The whole sentences at the end are those of `equivalence`, word for word, so that they can be
translated; a test sees to it that none is missing.
"""

from collections.abc import Mapping
from typing import Final

from skillpassport.equivalence.comparing import DISCLAIMER
from skillpassport.web.sentences import N_

ANSWERS: Mapping[str, str] = {
    "found": N_("Comparable level found"),
    "published_gap": N_("No comparable level, as was published"),
    "unknown": N_("Unknown"),
    "ambiguous": N_("The name fits more than one thing"),
    "not_usable": N_("Published, but not to be used for recognition"),
}
"""What each kind of answer is called."""

EVALUATED: Final = N_("The destination has said what it is worth")
ONLY_PRECEDENTS: Final = N_("Only single cases were decided")
"""What an answer is called that is about the qualification and not about its level."""

BASES: Mapping[str, str] = {
    "decision": N_("By decision of an authority"),
    "agreement": N_("By agreement"),
    "mapping": N_("By a published statement"),
    "derived": N_("Follows from two statements, without authority"),
}
SECONDARY: Final = N_("Read in somebody else's publication, without authority")

OUTCOMES: Mapping[str, str] = {
    "comparable": N_("Comparable"),
    "at_least": N_("At least comparable"),
    "range": N_("One of several levels, decided case by case"),
    "partial": N_("Counts for a part of it"),
    "usually": N_("Usually comparable, sometimes otherwise"),
    "lower_level": N_("Comparable at a lower level"),
    "case_by_case": N_("Decided case by case"),
}
"""What a rule about a qualification comes to."""

MET: Mapping[str, str] = {
    "true": N_("Condition met:"),
    "false": N_("Condition not met:"),
    "unknown": N_("On this condition:"),
}
PRECEDENT: Final = N_("Decided in a single case, which binds nobody else")
SUPERSEDED: Final = N_("no longer in force")

FACTS: Mapping[str, str] = {
    "award_date": N_("the date of the award"),
    "duration_years": N_("how many years it took"),
    "stream": N_("the stream"),
    "exam_board": N_("the examination board"),
    "final_grade": N_("the final grade"),
    "subjects_passed": N_("in how many subjects which grade was reached"),
    "entry_requirement_met": N_("which entry requirement was met"),
}
"""Facts on which conditions are judged."""

CANDIDATES: Mapping[str, str] = {
    "ambiguous": N_("one of several of this title"),
    "other_level": N_("of this title, at another level"),
    "agreement_not_known_in_force": N_("which is not known to be in force"),
}
"""Why something may be what is meant, and is no answer."""

RELATIONS: Mapping[str, str] = {
    "referenced": N_("referenced to"),
    "self_certified": N_("declared compatible with"),
    "comparable": N_("comparable to"),
    "aligned": N_("aligned with"),
    "no_comparable_level": N_("no comparable level in"),
    "replaces": N_("replaces"),
}

FRAMEWORK_STATUSES: Mapping[str, str] = {
    "official": N_("In force"),
    "draft": N_("Draft"),
    "in_development": N_("In development"),
    "none": N_("No framework"),
}

FRAMEWORK_KINDS: Mapping[str, str] = {
    "national": N_("National"),
    "regional": N_("Regional"),
    "sectoral": N_("Sectoral"),
    "classification": N_("Classification"),
    "national-vocational": N_("National, for vocational training"),
    "national-higher": N_("National, for higher education"),
    "regional-vocational": N_("Regional, for vocational training"),
    "regional-higher": N_("Regional, for higher education"),
    "regional-meta": N_("Regional, for comparing national ones"),
    "continental-meta": N_("Continental, for comparing national ones"),
    "transnational": N_("Across countries"),
    "none": N_("No framework"),
}

FOOTINGS: Mapping[str, str] = {
    "read": N_("Read in its own publication"),
    "secondary_source": N_("Read in somebody else's publication"),
    "named": N_("Named, but no list of levels was read"),
    "unverified": N_("In no source that was read"),
}

PUBLICATIONS: Mapping[str, str] = {
    "published": N_("Published, and read there"),
    "secondary_source": N_("Read in somebody else's publication"),
    "not_endorsed": N_("Published, but not to be used for recognition"),
    "superseded": N_("Held once, and was replaced"),
    "unverified": N_("Not read by anyone here: candidates, never answers"),
}
"""What a statement stands on."""

REACHES: Mapping[str, str] = {
    "reached": N_("Reached"),
    "partly_reached": N_("Partly reached"),
    "not_reached": N_("Not reached"),
}
STANDINGS: Mapping[str, str] = {
    "official": N_("In force"),
    "vocational_only": N_("In force for vocational training alone"),
    "draft": N_("Draft"),
    "in_development": N_("In development"),
    "none": N_("No framework"),
    "unrecorded": N_("Nobody has looked yet"),
}
"""How far a country has come with a framework of its own."""

PURPOSES: Mapping[str, str] = {
    "employment": N_("Work"),
    "further_study": N_("Further study"),
    "regulated_profession": N_("A regulated profession"),
    "migration": N_("Migration"),
}
"""What a comparison is wanted for."""

DOMAINS: Mapping[str, str] = {
    "knowledge": N_("Knowledge"),
    "skills": N_("Skills"),
    "responsibility_autonomy": N_("Responsibility and autonomy"),
}
"""Domains of level descriptors; a body may bring further ones, in its own words."""

FINDINGS: Mapping[str, str] = {
    "met": N_("Met"),
    "missing": N_("Missing"),
    "unclear": N_("Unclear"),
}
"""Whether a unit that is asked for has been shown."""

GROUNDS: Mapping[str, str] = {
    "same_unit": N_("The very unit:"),
    "stated": N_("A published statement says so:"),
    "parts": N_("Some of its parts:"),
    "suggested": N_("Suggested, for a person to weigh:"),
    "same_title": N_("Of the same title:"),
    "same_skills": N_("With skills that ESCO relates:"),
    "none": N_("Nothing shown has to do with it"),
}
"""Why something shown has to do with a unit."""

_OUTCOMES_DISCLAIMER: Final = N_(
    "This comparison shows where to look. Whether a difference is substantial, and what makes up "
    "for it, the competent authority alone decides; ESCO skills explain and never decide."
)

PROBLEMS: Mapping[str, str] = {
    "framework-unknown": N_("No framework of this name is registered."),
    "edition-unknown": N_("The framework has no edition of this name."),
    "level-unknown": N_("The framework has no such level; choose one of its own."),
    "question-malformed": N_("A field holds something that cannot be read."),
    "question-incomplete": N_("Choose a framework, a level and where to compare it with."),
}
"""What a person is told when a comparison cannot be asked for."""

NO_LEVELS: Final = N_("Choose two frameworks, the first of which has a list of levels here.")
"""What a person is told where nothing can be drawn."""

LEVEL_WANTED: Final = N_("Now choose a level of this framework.")
"""What a person is told who has chosen a framework: its levels are listed from then on."""

QUALIFICATION_UNKNOWN: Final = N_("No qualification of this name is registered.")
OCCUPATION_UNKNOWN: Final = N_("No occupation of this code is known here.")
STANDARD_UNKNOWN: Final = N_("No occupational standard of this name is registered.")
PRECEDENT_UNKNOWN: Final = N_("No decision of this name is registered.")
STATEMENT_UNKNOWN: Final = N_("No comparability statement of this name was made here.")
CHANGE_UNKNOWN: Final = N_("No change of the registry has this number.")
NOT_HELD_THEN: Final = N_("No version of it held on that day; the one shown holds now.")
NOTHING_TO_STATE: Final = N_(
    "There is nothing to state: the registry has no answer to this question, or the question "
    "cannot be read."
)
DAY_MISREAD: Final = N_("That day was not understood; give it as year-month-day: 2026-01-31.")
"""What a person is told where nothing can be shown."""

COUNTRY_WANTED: Final = N_("Give both countries by name or by their two letters.")
FACTS_UNREADABLE: Final = N_(
    "A fact cannot be read: give years as a number, and subjects as grades with numbers, such as "
    "A: 2, B: 3."
)
"""What a person is told whose facts are not understood."""

_COMPARABILITY: Final = N_(
    "Comparability is not recognition: this comparison of levels does not guarantee recognition of "
    "a qualification, which the competent authority or the employer decides. Level is one "
    "criterion among several, and qualifications at the same level are not interchangeable."
)

WHOLE_SENTENCES: Final = (
    _COMPARABILITY,
    N_("A published statement relates this level to the one shown."),
    N_(
        "The name given fits more than one framework, or is no id; "
        "ask again with the id of one of the candidates."
    ),
    N_("It is published that the other framework has no level comparable to this one."),
    N_(
        "A publication sets the two frameworks side by side and forbids to use that for "
        "recognition, so no level is answered."
    ),
    N_(
        "No published statement is known that leads from this level to what was asked for; "
        "levels are never compared by their numbers."
    ),
    N_("The level is one of this very framework."),
    N_(
        "No statement about exactly this pair is known; the level shown follows from two statements "
        "and carries no authority."
    ),
    N_("The registry has no qualifications framework of this country to compare with."),
    N_(
        "In this country only vocational training is known to have a framework in force, and no "
        "published statement leads from this level to it."
    ),
    N_(
        "The framework of this country is a draft, so nothing compares with its levels yet; ask "
        "what else the document shows: issuer, occupation, skills."
    ),
    N_(
        "The framework of this country is being developed and none of its levels is in force; ask "
        "what else the document shows: issuer, occupation, skills."
    ),
    N_(
        "As far as is known this country has no qualifications framework; ask what else the "
        "document shows: issuer, occupation, skills."
    ),
    N_(
        "No recognition rules are registered for this country yet, so nothing can be said about the "
        "qualification; ask its competent authority."
    ),
    N_("A rule of the destination is registered for this qualification."),
    N_("An agreement in force says what this qualification is worth in the destination."),
    N_(
        "Rules of the destination are registered for this qualification; which of them holds "
        "depends on facts that were not given."
    ),
    N_(
        "Rules of the destination are registered for this qualification, but what was said of the "
        "award meets the condition of none."
    ),
    N_(
        "Rules for this qualification are registered, but none that holds on that day; superseded "
        "ones are listed on request."
    ),
    N_(
        "No rule is registered for this qualification; single cases were decided, which bind "
        "nobody else."
    ),
    N_(
        "No rule of the destination is registered for this qualification; what is shown follows "
        "from its level alone."
    ),
    N_(
        "No rule of the destination is registered for a qualification of this title, so nothing "
        "can be said about it; ask its competent authority."
    ),
    N_(
        "No rule of the destination is registered for a qualification of exactly this title; "
        "titles like it are among the candidates, to be asked for as they are written there."
    ),
    N_(
        "Several registered qualifications of that country have this title, at different levels; "
        "give the level, or the day of the award, and the one that is meant can be compared."
    ),
    N_(
        "No rule is registered for this qualification, and no record of who decides on the "
        "profession in this country is known; ask its competent authority."
    ),
    N_(
        "The decision on this qualification names another level than the published comparison of "
        "levels leads to; the decision goes first."
    ),
    N_("Rules of the destination for this qualification name different results."),
    N_("No edition of the framework is known to have been in force on that day."),
    N_("The achievement is not in this register, so its level cannot be compared."),
    N_("One source names a comparable level, another says that there is none."),
    N_("Sources name different levels."),
    N_("A path over two statements leads to another level than the direct statement."),
    N_(
        "This does not show that the bearer is the person named: compare the name and the date of "
        "birth with an identity document."
    ),
    N_("The publisher states that this comparison cannot be used for qualification recognition."),
    N_("The publisher states that this comparison does not guarantee recognition."),
)
"""Sentences that reports and answers carry as they are."""


def split_disclaimer(disclaimer: str) -> tuple[str, ...]:
    """Return the sentences of a disclaimer that can be translated: ours, then each publisher's."""
    ours, _, publishers = disclaimer.partition(DISCLAIMER)
    if ours or not disclaimer:
        return (disclaimer,) if disclaimer else ()
    known = sorted(text for text in WHOLE_SENTENCES if text in publishers)
    rest = publishers
    for text in known:
        rest = rest.replace(text, "")
    return (DISCLAIMER, *known, *([rest.strip()] if rest.strip() else []))
