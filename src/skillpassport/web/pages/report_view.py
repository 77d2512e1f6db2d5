"""A verification as its page shows it: the face, the sentences, the receipt."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.pages.countries import known_countries
from skillpassport.web.pages.level_bars import LevelBar, Place, level_bars, places_of
from skillpassport.web.report_words import CHECK_NAMES, OUTCOMES, PARTS_OF_SUBJECT
from skillpassport.web.retelling import facts_of, remedy, retold_meaning, sentence
from skillpassport.web.sentences import N_
from skillpassport.web.translation import Translation


@dataclass(frozen=True, slots=True)
class Face:
    """What a reader sees first."""

    name: str
    sign: str
    word: str
    advice: str


FACES: Final = {
    "valid": Face(
        "valid",
        "✓",
        N_("Valid"),
        N_("Genuine, in force, and from an issuer who was entitled to it."),
    ),
    "remarks": Face(
        "remarks",
        "✓",
        N_("Valid, with remarks"),
        N_("Genuine and in force; please read the remarks."),
    ),
    "invalid": Face("invalid", "✕", N_("Not valid"), N_("Do not rely on this credential.")),
    "undetermined": Face(
        "undetermined",
        "!",
        N_("Could not be checked"),
        N_("This is neither a yes nor a no: something needed for an answer is missing."),
    ),
    "unreadable": Face(
        "unreadable",
        "?",
        N_("Not understood"),
        N_("Nothing can be said about it here."),
    ),
}
"""The five faces by name: the verdicts, and `remarks` for a valid credential with some."""


_ATTENTION: Final = ("failed", "unchecked", "warned", "passed", "not_applicable")
"""The outcomes of checks in the order in which a page lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was verified and when.

    sha256: lower-case hexadecimal digest of the bytes that were verified; None where there are none
    """

    at: dt.datetime
    sha256: str | None

    @property
    def time_of_day(self) -> str:
        """The time in UTC, of twenty-four hours in every language: a record is compared."""
        return self.at.astimezone(dt.UTC).strftime("%H:%M:%S UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check or remark in words; `detail` is the English sentence with what was found."""

    name: str
    outcome: str
    word: str
    text: str
    remedy: str
    detail: str
    source: str


def view_of(
    report: JsonObject,
    *,
    to: Translation,
    snapshot: RegistrySnapshot,
    destination: str,
    receipt: Receipt,
) -> dict[str, Any]:
    """Return what the template of a report shows.

    report: with its sentences in English
    destination: ISO 3166-1 alpha-2 of the reader's country, empty when none was chosen
    """
    facts = facts_of(report, to)
    remarks = [_line(each, facts, to) for each in _dicts(report["remarks"])]
    verdict = str(report["verdict"])
    return {
        "report": report,
        "parts_of_subject": PARTS_OF_SUBJECT,
        "face": FACES["remarks" if verdict == "valid" and remarks else verdict],
        "remarks": remarks,
        "checks": _in_order(_line(each, facts, to) for each in _dicts(report["checks"])),
        "meaning": retold_meaning(report["meaning"], to),
        "bars": _bars(report, snapshot),
        "countries": known_countries(snapshot.registry, to),
        "destination": destination,
        "receipt": receipt,
    }


def _line(check: Mapping[str, Any], facts: Mapping[str, str], to: Translation) -> CheckLine:
    """Return a check in words; one whose code has no sentence keeps its own."""
    code, name = str(check["code"]), str(check.get("name", "remark"))
    outcome = str(check.get("outcome", "warned"))
    known = sentence(code, facts, to)
    return CheckLine(
        name=to.text(CHECK_NAMES.get(name, name)),
        outcome=outcome,
        word=to.text(OUTCOMES[outcome]),
        text=known or str(check["message"]),
        remedy=remedy(code, to) if known else str(check.get("remedy", "")),
        detail=str(check["message"]),
        source=str(check.get("source") or ""),
    )


def _in_order(lines: Iterable[CheckLine]) -> list[CheckLine]:
    """Return what needs a reader's attention first, and what reads the same only once.

    A credential with two status lists has one check for each, in the same words when both passed.
    """
    told = {
        (line.name, line.outcome, line.text, line.detail if line.remedy else ""): line
        for line in lines
    }
    return sorted(told.values(), key=lambda line: _ATTENTION.index(line.outcome))


def _bars(report: JsonObject, snapshot: RegistrySnapshot) -> tuple[LevelBar, ...]:
    meaning, achievement = report["meaning"], report["achievement"]
    places = list(places_of(meaning)) if isinstance(meaning, dict) else []
    if not places and isinstance(achievement, dict) and achievement.get("level"):
        places = [Place.of(achievement)]
    return level_bars(snapshot.registry, places)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
