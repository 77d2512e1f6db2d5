"""Whether everything that serving needs is there."""

from collections.abc import Callable, Sequence

from skillpassport.clock import rfc3339
from skillpassport.db.log import CLOCK_TOLERANCE, ClockBehindLog
from skillpassport.db.log_keeping import LogKeeping
from skillpassport.db.log_state import (
    latest_head,
)
from skillpassport.db.migrate import current_revision, head_revision
from skillpassport.errors import SkillPassportError
from skillpassport.organisations.model import (
    SERVICE,
)
from skillpassport.transparency.checkpoint import read_checkpoint


class MigrationNeeded(SkillPassportError):
    """The database has another revision than this version of the program."""

    code = "migration-needed"

    def __init__(self, found: str | None) -> None:
        super().__init__(
            f"Expected a database at revision '{head_revision()}', found '{found or 'empty'}'; run "
            "`skillpassport db upgrade`, or set SKILLPASSPORT_AUTO_MIGRATE=1."
        )


class ReadinessChecks(LogKeeping):
    """Looks at database, migrations, signer, clock and log."""

    def readiness(self) -> Sequence[tuple[str, bool, str]]:
        """Return name, whether it is ready, and a short detail, for each thing needed to serve."""
        checks = (
            ("database", self._check_database),
            ("migrations", self._check_migrations),
            ("signer", self._check_signer),
            ("clock", self._check_clock),
            ("log", self._check_log),
        )
        return [_ready(name, check) for name, check in checks]

    def _check_database(self) -> str:
        with self.database.snapshot() as work:
            return f"registry revision {work.frameworks.version()}"

    def _check_migrations(self) -> str:
        found = current_revision(self.database.engine)
        if found != head_revision():
            raise MigrationNeeded(found)
        return f"revision {found}"

    def _check_signer(self) -> str:
        with self.database.snapshot() as work:
            active = work.signing_keys.active(SERVICE, self.clock.now())
        return f"signs until {rfc3339(active.key.signs_until)}"

    def _check_clock(self) -> str:
        """Look at the clock, which must not lie behind the newest head of the log."""
        note, now = latest_head(self.database), self.clock.now()
        head = read_checkpoint(note) if note is not None else None
        if head is not None and now < head.time - CLOCK_TOLERANCE:
            raise ClockBehindLog(now, head.time)
        return rfc3339(now)

    def _check_log(self) -> str:
        refusal = self._refusal()
        if refusal is not None:
            raise refusal
        note = latest_head(self.database)
        return f"{read_checkpoint(note).size} entries" if note is not None else "no head yet"


def _ready(name: str, check: Callable[[], str]) -> tuple[str, bool, str]:
    try:
        return name, True, check()
    except SkillPassportError as error:
        return name, False, error.code
