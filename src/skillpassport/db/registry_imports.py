"""Bringing files into the registry: read, checked against what is there, added in one transaction."""

from skillpassport.db.frameworks import RegistryChange
from skillpassport.db.log_keeping import LogKeeping
from skillpassport.equivalence.importing.files import Reader
from skillpassport.equivalence.importing.reading import Reading
from skillpassport.equivalence.statements.stating import review
from skillpassport.frameworks.importing.problems import FileUnreadable
from skillpassport.frameworks.importing.report import ImportReport


class RegistryImports(LogKeeping):
    """What an operator brings into the registry of one instance."""

    def import_into_registry(
        self, read: Reader, *, origin: str, skips_bad_rows: bool = False
    ) -> ImportReport:
        """Add what a file says, and revise what differs; all of it or, where rows are bad, nothing.

        read: called once, and again if somebody changed the registry meanwhile
        origin: how the rows came in, in words; kept with every row
        skips_bad_rows: whether the good rows come in beside bad ones
        Raises: RegistryInconsistent, DatabaseFailure and its kinds
        """
        with self.database.snapshot() as work:
            snapshot = work.registry()
        try:
            reading = read(snapshot)
            if reading.problems and not skips_bad_rows:
                return _refused(reading)
            with self._writing() as work:
                if snapshot.revision != str(work.frameworks.version()):
                    reading = read(work.registry())
                    if reading.problems and not skips_bad_rows:
                        return _refused(reading)
                change = work.frameworks.revise(reading.content, origin=origin, now=work.now)
                if change.total:
                    review(work)
        except FileUnreadable as unreadable:
            return ImportReport(refused=(unreadable.problem,))
        return _reported(reading, change)


def _refused(reading: Reading) -> ImportReport:
    return ImportReport(refused=tuple(sorted(reading.problems)))


def _reported(reading: Reading, change: RegistryChange) -> ImportReport:
    added, changed = change.new_in(reading.counted), change.changed.get(reading.counted, 0)
    return ImportReport(
        added=added,
        changed=changed,
        unchanged=reading.rows - added - changed,
        refused=tuple(sorted(reading.problems)),
        beside={
            table: number
            for table, number in change.added.items()
            if number and table != reading.counted
        },
    )
