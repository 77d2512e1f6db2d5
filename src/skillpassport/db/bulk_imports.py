"""Bringing in what comes by the hundred thousand: classifications and qualifications."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from skillpassport.db.log_keeping import LogKeeping
from skillpassport.db.unit_of_work import UnitOfWork
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.equivalence.statements.stating import review
from skillpassport.frameworks.importing.citing import Citations
from skillpassport.frameworks.importing.problems import FileUnreadable, RowProblem
from skillpassport.frameworks.importing.qualification_file import QualificationReader
from skillpassport.frameworks.importing.report import ImportReport
from skillpassport.frameworks.model import Source, SourceId
from skillpassport.frameworks.qualifications import Qualification
from skillpassport.frameworks.registry import FrameworkRows
from skillpassport.frameworks.taxonomies.model import Scheme, TaxonomyContent

ReadTaxonomy = Callable[[], tuple[TaxonomyContent, tuple[RowProblem, ...]]]
Progress = Callable[[int, int], None]
"""Told how many more things are done, and of how many."""

MAX_REPORTED: Final = 1_000
"""Problems of a file that are told one by one; a file of a million rows may have as many."""


def _quietly(_more: int, _of: int) -> None:
    """Tell nobody."""


class BulkImports(LogKeeping):
    """What an operator brings into the large tables of one instance."""

    def import_taxonomy(
        self,
        read: ReadTaxonomy,
        *,
        scheme: Scheme,
        version: str,
        origin: str,
        skips_bad_rows: bool = False,
        progress: Progress = _quietly,
    ) -> ImportReport:
        """Bring in a version of a classification, all of it or nothing.

        read: called unless the very same file brought this version in last, all of it
        origin: how it came in, in words; its last word is the file's digest
        skips_bad_rows: whether the good rows come in beside bad ones
        Raises: DatabaseFailure and its kinds
        """
        with self.database.snapshot() as work:
            there = work.taxonomies.was_read_from(scheme, version, origin.rpartition(" ")[2])
        if there is not None:
            kinds = ("occupation", "occupation_group", "skill", "skill_group", "field")
            concepts = sum(there.counts.get(kind, 0) for kind in kinds)
            return ImportReport(unchanged=concepts)
        try:
            content, problems = read()
        except FileUnreadable as unreadable:
            return ImportReport(refused=(unreadable.problem,))
        if problems and not skips_bad_rows:
            return ImportReport(refused=problems)
        if problems:
            origin = f"{origin} in part"  # so that the same file is read again, and told of again
        with self._writing() as work:
            change = work.taxonomies.add(
                content, origin=origin, now=lambda: work.now, progress=progress
            )
        return ImportReport(
            added=change.added,
            changed=change.changed,
            unchanged=change.unchanged,
            refused=problems,
            beside=change.taxonomy.counts if change.added or change.changed else {},
        )

    def import_qualifications(
        self,
        data: bytes,
        *,
        sources: Mapping[SourceId, Source],
        origin: str,
        skips_bad_rows: bool = False,
        progress: Progress = _quietly,
    ) -> ImportReport:
        """Bring in qualifications: new ones, and further revisions of those that differ.

        The file is gone through twice, so that a bad last row is found before anything is written
        and a million qualifications are never in memory together.

        data: CSV or JSON
        sources: given with the file, by id
        origin: how they came in, in words
        Raises: DatabaseFailure and its kinds
        """
        with self.database.snapshot() as work:
            reading = _Reading.of(work, data, sources)
        try:
            total = sum(1 for _ in reading)
        except FileUnreadable as unreadable:
            return ImportReport(refused=(unreadable.problem,))
        refused = tuple(sorted(reading.problems))
        if refused and not skips_bad_rows:
            return ImportReport(refused=refused)
        with self._writing() as work:
            reading = _Reading.of(work, data, sources)
            change = work.qualifications.add(
                reading, origin=origin, now=lambda: work.now, progress=lambda n: progress(n, total)
            )
            cited = reading.citations.sources()
            if cited and (change.added or change.changed):
                content = RegistryContent(rows=FrameworkRows(sources=cited))
                work.frameworks.add(content, origin=origin, now=work.now)
            if change.added or change.changed:
                review(work)  # a title whose level is known now may be answered otherwise
        return ImportReport(
            added=change.added, changed=change.changed, unchanged=change.unchanged, refused=refused
        )


@dataclass(slots=True)
class _Reading:
    """A file of qualifications, gone through; what is refused is put down."""

    data: bytes
    reader: QualificationReader
    citations: Citations
    problems: list[RowProblem] = field(default_factory=list)

    @classmethod
    def of(cls, work: UnitOfWork, data: bytes, sources: Mapping[SourceId, Source]) -> "_Reading":
        registry = work.registry().registry
        citations = Citations(registry=registry, given=sources)
        return cls(data, QualificationReader(registry, citations), citations)

    def __iter__(self) -> Iterator[Qualification]:
        for found in self.reader.read(self.data):
            if not isinstance(found, RowProblem):
                yield found[1]
            elif len(self.problems) < MAX_REPORTED:
                self.problems.append(found)
