"""Qualifications as they are stored: a million of them, found by id, title, country and level.

The highest revision of an id holds. Titles are looked up as they were folded when they came in.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from skillpassport.db.bulk import BulkChange, Progress, Values, as_json, bulk_change
from skillpassport.db.kept_values import as_kept
from skillpassport.db.log import Recorder
from skillpassport.db.tables.qualifications import (
    qualification_terms,
    qualification_titles,
    qualifications,
)
from skillpassport.db.term_index import TermIndex
from skillpassport.equivalence.catalogue import KnownQualification
from skillpassport.frameworks.qualification_records import (
    TOP_LEVEL,
    particulars_of,
    qualification_of,
)
from skillpassport.frameworks.qualifications import (
    FormerName,
    FoundQualification,
    Qualification,
    QualificationFilter,
    QualificationUnknown,
)
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.searching import MAX_TERM, best_match, terms_of
from skillpassport.languages import in_language

MAX_TITLED: Final = 20
"""Qualifications of one country with one title; a comparison asks for a few."""

_TOGETHER: Final = 20_000
_IN_ONE_STATEMENT: Final = 500
_NAMES: Final = ""
"""Language of names whose language is not known: aliases and codes."""

_CONTENT: Final = 4
"""Where a row's values begin that say something about the qualification."""

_LAST: Final = "\U0010ffff"

Fresh = list[tuple[Qualification, int]]
"""Qualifications to be written, each with its revision."""

_newer = qualifications.alias("newer")
_IS_NEWEST: Final = ~(
    select(_newer.c.number)
    .where(_newer.c.id == qualifications.c.id, _newer.c.revision > qualifications.c.revision)
    .exists()
)

# Built once: each comparison of a qualification asks it.
_TITLED: Final = (
    select(qualifications)
    .join(qualification_titles, qualification_titles.c.number == qualifications.c.number)
    .where(
        qualification_titles.c.country == bindparam("country"),
        qualification_titles.c.folded == bindparam("folded"),
        _IS_NEWEST,
    )
    .order_by(qualifications.c.id)
    .limit(MAX_TITLED)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationChange:
    """What bringing qualifications in came to."""

    added: int
    changed: int
    unchanged: int


class QualificationStore:
    """The qualifications within one transaction; a `QualificationCatalogue` for comparisons."""

    def __init__(self, connection: Connection, record: Recorder) -> None:
        self._connection = connection
        self._record = record

    def titled(self, origin: str, folded: str) -> Sequence[KnownQualification]:
        """Return the qualifications of a country that have or had a title, in order of id, few.

        folded: by `skillpassport.frameworks.reading.fold`
        """
        key = {"country": _country_of(origin), "folded": folded[:MAX_TERM]}
        rows = self._connection.execute(_TITLED, key).mappings()
        # Of a part of a country, what is its own and what is the whole country's.
        places = {origin, _country_of(origin)}
        return [
            _known(_qualification(row))
            for row in rows
            if "-" not in origin or row["country"] in places
        ]

    def identified(self, identifier: str) -> KnownQualification | None:
        """Return the qualification of an id, for comparisons; None where there is none."""
        try:
            return _known(self.get(identifier))
        except QualificationUnknown:
            return None

    def get(self, identifier: str) -> Qualification:
        """Return a qualification by its id.

        Raises: QualificationUnknown
        """
        query = (
            select(qualifications)
            .where(qualifications.c.id == identifier)
            .order_by(qualifications.c.revision.desc())
            .limit(1)
        )
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise QualificationUnknown
        return _qualification(row)

    def list(
        self, wanted: QualificationFilter, *, after: str | None, limit: int
    ) -> Sequence[Qualification]:
        """Return qualifications in the order of their ids, those behind one of them."""
        query = select(qualifications).where(*_conditions(wanted), _IS_NEWEST)
        if after is not None:
            query = query.where(qualifications.c.id > after)
        rows = self._connection.execute(query.order_by(qualifications.c.id).limit(limit))
        return [_qualification(row) for row in rows.mappings()]

    def search(
        self, text: str, wanted: QualificationFilter, *, limit: int
    ) -> Sequence[FoundQualification]:
        """Return the qualifications whose names answer a search best, best first."""
        columns = qualification_terms.c
        index = TermIndex(
            self._connection,
            term=columns.term,
            item=columns.number,
            scope=columns.country,
            value=None if wanted.country is None else _country_of(wanted.country),
        )
        found = []
        for qualification in self._numbered(index.find(text), wanted):
            further = (*qualification.aliases, *qualification.codes)
            names = {tag: [title] for tag, title in qualification.title.items()}
            names[_NAMES] = [each.text for each in further]
            match = best_match(names, text)
            if match is not None:
                found.append(FoundQualification(qualification=qualification, match=match))
        found.sort(key=lambda each: (*each.match.order, each.qualification.id))
        return found[:limit]

    def add(
        self,
        given: Iterable[Qualification],
        *,
        origin: str,
        now: Callable[[], datetime],
        progress: Progress = lambda _: None,
    ) -> QualificationChange:
        """Bring qualifications in: new ones are added, those that differ get a further revision.

        given: each id once
        origin: how they came in, in words
        now: asked for once something is to be written
        progress: told how many more of them are done
        """
        added = changed = unchanged = 0
        with ExitStack() as stack:
            change: BulkChange | None = None
            for batch in _batches(given):
                fresh = self._fresh(batch)
                unchanged += len(batch) - len(fresh)
                progress(len(batch))
                if not fresh:
                    continue
                if change is None:  # a file that says nothing new is no change
                    change = stack.enter_context(
                        bulk_change(self._connection, self._record, origin=origin, now=now())
                    )
                self._write(change, fresh)
                new = sum(revision == 1 for _, revision in fresh)
                added, changed = added + new, changed + len(fresh) - new
        return QualificationChange(added=added, changed=changed, unchanged=unchanged)

    def _fresh(self, batch: Sequence[Qualification]) -> Fresh:
        """Return those that are new or differ, each with the revision that it becomes."""
        known = self._newest([each.id for each in batch])
        fresh = []
        for each in batch:
            row = known.get(each.id)
            if row is None:
                fresh.append((each, 1))
            elif tuple(row)[_CONTENT:] != _values(each, 0, 0, 0)[_CONTENT:]:
                fresh.append((each, row.revision + 1))
        return fresh

    def _newest(self, ids: Sequence[str]) -> dict[str, Row[Any]]:
        """Return the newest revision of each that is there, with its values as they are kept."""
        found: dict[str, Row[Any]] = {}
        for start in range(0, len(ids), _IN_ONE_STATEMENT):
            wanted = qualifications.c.id.in_(ids[start : start + _IN_ONE_STATEMENT])
            query = as_kept(qualifications).where(wanted).order_by(qualifications.c.revision)
            found.update((row.id, row) for row in self._connection.execute(query))
        return found

    def _write(self, change: BulkChange, fresh: Fresh) -> None:
        newest = select(func.max(qualifications.c.number))
        first = (self._connection.scalar(newest) or 0) + 1
        rows: list[Values] = []
        titles: list[tuple[str, str, int, int]] = []
        terms: list[tuple[str, str, int, int]] = []
        for number, (each, revision) in enumerate(fresh, first):
            country = _country_of(each.country)
            rows.append(_values(each, number, change.number, revision))
            titles += [(country, title, number, change.number) for title in _titles(each)]
            terms += [(term, country, number, change.number) for term in terms_of(each.names)]
        change.write(qualifications, rows)
        change.write(qualification_titles, sorted(titles))
        change.write(qualification_terms, sorted(terms))

    def _numbered(
        self, numbers: Sequence[int], wanted: QualificationFilter
    ) -> Iterator[Qualification]:
        for start in range(0, len(numbers), _IN_ONE_STATEMENT):
            among = qualifications.c.number.in_(numbers[start : start + _IN_ONE_STATEMENT])
            query = select(qualifications).where(among, *_conditions(wanted), _IS_NEWEST)
            for row in self._connection.execute(query).mappings():
                yield _qualification(row)


def _conditions(wanted: QualificationFilter) -> list[ColumnElement[bool]]:
    columns = qualifications.c
    found: list[ColumnElement[bool]] = []
    if wanted.country is not None:
        # `GB` and what follows `GB-`, as two ranges of the index.
        low, high = f"{wanted.country}-", f"{wanted.country}-{_LAST}"
        part = and_(columns.country >= low, columns.country < high)
        found.append(or_(columns.country == wanted.country, part))
    if wanted.framework is not None:
        found.append(columns.framework == wanted.framework)
    if wanted.level is not None:
        found.append(columns.level == wanted.level)
    return found


def _batches(given: Iterable[Qualification]) -> Iterator[Sequence[Qualification]]:
    iterator = iter(given)
    while batch := list(islice(iterator, _TOGETHER)):
        yield batch


def _country_of(code: str) -> str:
    """Return the country of a part of it: `GB` of `GB-SCT`."""
    return code.partition("-")[0]


def _titles(qualification: Qualification) -> set[str]:
    names = (*qualification.title.values(), *(each.text for each in qualification.aliases))
    return {fold(name)[:MAX_TERM] for name in names}


def _values(qualification: Qualification, number: int, change: int, revision: int) -> Values:
    return (
        number,
        change,
        qualification.id,
        revision,
        qualification.country,
        qualification.framework,
        qualification.edition,
        qualification.level,
        as_json(dict(qualification.title)),
        as_json(particulars_of(qualification)),
    )


def _qualification(row: RowMapping) -> Qualification:
    own = {name: row[name] for name in TOP_LEVEL}
    return qualification_of({**row["particulars"], **own})


def _known(qualification: Qualification) -> KnownQualification:
    own = [
        # People may finish it for years after its end, so its titles have none.
        FormerName(text=title, valid_from=qualification.valid_from)
        for title in qualification.title.values()
    ]
    return KnownQualification(
        id=qualification.id,
        title=in_language(qualification.title),
        country=qualification.country,
        framework=qualification.framework,
        edition=qualification.edition,
        level=qualification.level,
        sources=qualification.sources,
        names=(*own, *qualification.aliases),
    )
