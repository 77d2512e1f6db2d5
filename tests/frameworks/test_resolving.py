"""Free text is read as a framework and a level, and never guessed."""

import pytest

from skillpassport.frameworks.resolving import Resolution, Resolved, resolve
from tests.support.registry import (
    TODAY,
    a_framework,
    a_snapshot,
    an_edition,
    some_levels,
    the_seed,
)


def read(text: str, jurisdiction: str | None = None) -> Resolved:
    return resolve(the_seed().registry, text, on=TODAY, jurisdiction=jurisdiction)


@pytest.mark.parametrize(
    ("text", "framework", "level"),
    [
        ("NO:NKR 6", "NO:NKR", "6"),
        ("NO:NKR", "NO:NKR", None),
        ("GB-ENG NIR:RQF Entry 3", "GB-ENG+NIR:RQF", "Entry 3"),
        ("GB-EAN:RQF level 4", "GB-ENG+NIR:RQF", "4"),
        ("SCQF level 6", "GB-SCT:SCQF", "6"),
        ("NLQF 4+", "NL:NLQF", "4+"),
        ("nlqf, niveau 4", "NL:NLQF", "4"),
        ("PRK poziom VI", "PL:PRK", "VI"),
        ("Polska Rama Kwalifikacji, poziom 6", "PL:PRK", "VI"),
        ("Level 6 of the Polish Qualifications Framework", "PL:PRK", "VI"),
        ("NKR nivå 5.1", "NO:NKR", "5.1"),
        ("NQR-BB 6", "CH:NQR-BB", "6"),
        ("QF-EHEA first cycle", "EHEA:QF", "first cycle"),
        ("CyQF 5a", "CY:CyQF", "5a"),
    ],
)
def test_a_text_that_fits_one_framework_is_found(
    text: str, framework: str, level: str | None
) -> None:
    resolved = read(text)
    assert resolved.answer is Resolution.FOUND
    (candidate,) = resolved.candidates
    assert (candidate.framework.id, candidate.level) == (framework, level)


def test_an_acronym_of_several_frameworks_is_ambiguous_with_or_without_a_level() -> None:
    for text in ("PQF level 5", "PQF"):
        resolved = read(text)
        assert resolved.answer is Resolution.AMBIGUOUS
        assert [one.framework.id for one in resolved.candidates] == [
            "PH:PQF",
            "PK:PQF",
            "PL:PRK",
            "SPC:PQF",
        ]


def test_a_candidates_level_is_its_own_notation() -> None:
    levels = {str(one.framework.id): one.level for one in read("PQF level 5").candidates}
    assert levels["PL:PRK"] == "V"


def test_a_jurisdiction_narrows_an_acronym() -> None:
    resolved = read("PQF level 5", jurisdiction="PL")
    assert resolved.answer is Resolution.FOUND
    assert resolved.candidates[0].level == "V"
    assert read("PQF level 5", jurisdiction="NO").answer is Resolution.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "level 5",
        "XYZQF level 5",
        "NKR level 99",
        "SCQF 6 / EQF 4",
        "Bahrain NQF level 6",
        "NSQF level ٨",
        "NKRlevel6",
        "P Q F 5",
        "\u202eFQP",
        "EU:EQF@1066 4",
        "a" * 200,
        "NO:NKR " * 28,
    ],
)
def test_a_text_that_fits_nothing_is_unknown(text: str) -> None:
    assert read(text).answer is Resolution.UNKNOWN


def test_a_known_name_with_an_unknown_level_shows_what_the_name_means() -> None:
    resolved = read("NKR level 99", "NO")
    assert [(one.framework.id, one.level) for one in resolved.candidates] == [("NO:NKR", None)]


def test_a_framework_that_lacks_the_level_is_no_candidate_beside_one_that_has_it() -> None:
    registry = a_snapshot(
        frameworks=[a_framework("AA:X"), a_framework("BB:X")],
        editions=[an_edition("AA:X"), an_edition("BB:X")],
        levels=[*some_levels("AA:X", notations=("1",)), *some_levels("BB:X", notations=("9",))],
    ).registry
    resolved = resolve(registry, "X level 9", on=TODAY)
    assert resolved.answer is Resolution.FOUND
    assert resolved.candidates[0].framework.id == "BB:X"


def test_a_named_edition_is_the_one_whose_levels_count() -> None:
    resolved = read("FR:RNCP@1969 IV")
    assert resolved.answer is Resolution.FOUND
    assert read("FR:RNCP IV").answer is Resolution.UNKNOWN
