"""Decisions on single cases in a table, without the persons that they were about.

What was decided helps the next person; who it was decided about is nobody's business. A column that
looks as if it held a person refuses the whole file, a cell that does refuses its row: what came into
the registry could not be taken out of its log again.
"""

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from skillpassport.equivalence.importing.reading import Reading
from skillpassport.equivalence.importing.results import (
    ALWAYS_LEVELS,
    ResultReader,
    country_of,
    level_columns,
    title_of,
)
from skillpassport.equivalence.precedents import Precedent, PrecedentId
from skillpassport.equivalence.snapshot import RegistryContent, RegistrySnapshot
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.problems import RowProblem, RowRefused, TableUnreadable
from skillpassport.frameworks.importing.repeated import without_contradictions
from skillpassport.frameworks.importing.report import take_rows
from skillpassport.frameworks.importing.table_file import Row, Table, read_table
from skillpassport.frameworks.model import Source, SourceId
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.registry import FrameworkRows
from skillpassport.vc.jcs import canonicalize

REQUIRED: Final = (
    *("origin_country", "qualification", "outcome", "comparable_to"),
    *("decided_by", "decided_in"),
)
OPTIONAL: Final = (
    *("id", "destination_country", "institution", "legal_basis"),
    *("differences", "measures", "source_id", "source"),
)
_ID: Final = re.compile(r"[A-Za-z0-9_-]{10,40}")
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_ID_DIGITS: Final = 24

_PERSONAL_WORDS: Final = """
name names surname forename firstname lastname fullname applicant applicants holder person candidate
student worker birth born birthdate birthday birthplace dob age sex gender nationality citizenship
passport identity national identifier email mail phone telephone mobile address residence postcode
street photo case dossier file reference ref number nom prenom demandeur naissance sexe nationalite
adresse courriel antragsteller geburtsdatum vorname nachname
"""
_OF_A_PERSON: Final = frozenset(_PERSONAL_WORDS.split())
"""Words of a column's name that speak of a person, or lead to one: a case's number does."""

_IN_CELLS: Final = (
    # One letter before the `@`: with more, each letter of a long word would begin a walk to its end.
    re.compile(r"[^\s@]@[^\s@.]+\.[^\s@]"),
    re.compile(r"(?:\+|\b)[0-9](?:[ ./()-]?[0-9]){8,}"),
    re.compile(r"\b(?:[0-9]{1,2}[./-]){2}(?:19|20)[0-9]{2}\b"),
    re.compile(r"\b(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}\b"),
    re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mme|Mlle|Herr|Frau|Monsieur|Madame)\b\.? +\w"),
)
"""An address of mail, a number as of a telephone or a document, a day, a form of address."""


def read_precedent_file(
    data: bytes,
    sources: Mapping[SourceId, Source],
    snapshot: RegistrySnapshot,
    *,
    destination: str | None = None,
) -> Reading:
    """Return the decisions of a table.

    destination: ISO 3166-1 or -2 of the country that decided; None where each row has its own
    Raises: FileUnreadable
    """
    known = (*REQUIRED, *OPTIONAL)
    table = read_table(
        data, required=REQUIRED, optional=(*OPTIONAL, *ALWAYS_LEVELS), ignores_others=True
    )
    _check_columns(table, known)
    citations = Citations(registry=snapshot.registry, given=sources, is_strict=True)
    reader = _PrecedentReader(
        citations=citations,
        results=ResultReader(
            registry=snapshot.registry,
            levels=level_columns(table, known, snapshot.registry, destination),
            destination=destination,
        ),
    )
    problems: list[RowProblem] = []
    told = ((line, one.id, one) for line, one in take_rows(table.rows, reader.precedent, problems))
    kept = without_contradictions(told, "id", problems)
    content = RegistryContent(rows=FrameworkRows(sources=citations.sources()), precedents=kept)
    return Reading(content=content, counted="precedents", rows=len(kept), problems=tuple(problems))


def _check_columns(table: Table, known: tuple[str, ...]) -> None:
    """Refuse a table with a column that looks as if it held persons.

    Raises: TableUnreadable
    """
    for name in table.columns:
        is_framework = ":" in name
        if (
            name not in known
            and not is_framework
            and not _OF_A_PERSON.isdisjoint(fold(name.replace("_", " ")).split())
        ):
            raise TableUnreadable(
                1,
                name,
                f"Expected no column about persons or their cases, found '{name[:40]}'; take it "
                "out: a decision helps others without them.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _PrecedentReader:
    """Reads rows as decisions."""

    citations: Citations
    results: ResultReader

    def precedent(self, row: Row) -> Precedent:
        """Return the decision of a row.

        Raises: RowRefused
        """
        precedent = Precedent(
            id=PrecedentId(""),
            origin=country_of(row, "origin"),
            destination=self.results.country(row),
            title=title_of(
                _impersonal(row.needed("qualification"), "qualification"), "qualification"
            ),
            result=self.results.result(row),
            decided_by=_impersonal(row.needed("decided_by"), "decided_by"),
            decided_in=_year(row),
            sources=self._sources(row),
            institution=_impersonal(row["institution"], "institution"),
            legal_basis=row["legal_basis"],
            differences=tuple(
                _impersonal(one, "differences") for one in row.listed("differences", "|")
            ),
        )
        for measure in precedent.result.measures:
            _impersonal(measure, "measures")
        return _named(precedent, row)

    def _sources(self, row: Row) -> tuple[SourceId, ...]:
        cited = self.citations.cite(row.listed("source_id"), row["source"])
        if not cited:
            raise RowRefused(
                "source_id",
                "source-missing",
                "Expected where the decision is told; name the source.",
            )
        return cited


def _named(precedent: Precedent, row: Row) -> Precedent:
    """Return a decision with the id that is given, else one made of all that it says."""
    if row["id"] and not _ID.fullmatch(row["id"]):
        raise RowRefused(
            "id",
            "precedent-id-malformed",
            f"Expected 10 to 40 letters, figures, '-' and '_', found '{row['id'][:60]}'.",
        )
    return dataclasses.replace(precedent, id=PrecedentId(row["id"] or _id_of(precedent)))


def _id_of(precedent: Precedent) -> str:
    told = precedent.to_json()
    told.pop("id")
    digest = hashlib.sha256(canonicalize(told)).hexdigest()
    return f"precedent-{digest[:_ID_DIGITS]}"


def _year(row: Row) -> int:
    text = row.needed("decided_in")
    if _YEAR.fullmatch(text):
        return int(text)
    raise RowRefused(
        "decided_in",
        "year-malformed",
        f"Expected the year alone, such as 2024, found '{text[:20]}': a day would lead to the "
        "person where few cases are decided.",
    )


def _impersonal(text: str, column: str) -> str:
    """Return a text that holds nothing of a person, as far as a program can see.

    Raises: RowRefused
    """
    if any(shape.search(text) for shape in _IN_CELLS):
        raise RowRefused(
            column,
            "cell-personal",
            "Expected a text without persons, days, addresses and numbers of documents; tell what "
            "was decided and leave out about whom.",
        )
    return text
