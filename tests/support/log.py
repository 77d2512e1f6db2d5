"""A log with something in it, and hands that change what they should not."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, text

from skillpassport.db.audit.log import verify_log
from skillpassport.db.tables.log import log_recoveries
from skillpassport.db.unit_of_work import Database
from skillpassport.transparency.audit import AuditReport
from skillpassport.transparency.entries import Kind
from tests.support.database import LOG_SIGNER, a_sequencer, later


def record_rows(database: Database, *names: str) -> None:
    """Write one logged row for each name, in one transaction."""
    with database.transaction() as work:
        for name in names:
            row = {
                "id": name,
                "accepted_at": work.now,
                "reason": f"about {name}",
                "continued_from": 0,
                "abandoned_size": 0,
                "abandoned_head": None,
            }
            work.connection.execute(insert(log_recoveries), row)
            work.log.record(Kind.LOG_RECOVERED, log_recoveries, row)


def a_log(database: Database, folder: Path, heads: int = 3) -> str:
    """Write a log of two rows for each head; return the last head."""
    sequencer = a_sequencer(database, folder)
    for number in range(heads):
        later(database, timedelta(minutes=30))
        record_rows(database, f"row-{2 * number}", f"row-{2 * number + 1}")
        sequencer.sequence_once()
    head = (folder / "heads" / "latest.checkpoint").read_text()
    later(database)
    return head


def tamper(database: Database, *statements: str) -> None:
    """Change rows behind the program's back."""
    with database.transaction() as work:
        for statement in statements:
            work.connection.execute(text(statement))


def audit(database: Database, folder: Path | None, head: str | None = None) -> AuditReport:
    """Compare everything."""
    return verify_log(
        database,
        public_keys=[LOG_SIGNER.public_key],
        head_text=head,
        heads_dir=folder / "heads" if folder else None,
    )


def named(report: AuditReport) -> set[tuple[str, str]]:
    """Return code and subject of every finding."""
    return {(finding.code.value, finding.subject) for finding in report.findings}
