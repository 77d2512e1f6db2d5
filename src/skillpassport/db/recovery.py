"""Going on after a backup was restored, knowingly.

A restored database knows less than was published. Nothing is issued until someone accepts that:
then the log itself says that it was set back and from where, the heads of the lost stretch are put
aside, and whoever hands out numbers (status indexes) starts new lists, since the lost stretch may
have handed out the next ones already.
"""

from collections.abc import Callable

from sqlalchemy import insert

from skillpassport.db.head_files import HeadFiles
from skillpassport.db.log_state import published_size, read_state
from skillpassport.db.sequencer import Sequencer
from skillpassport.db.tables.log import log_recoveries
from skillpassport.db.unit_of_work import UnitOfWork
from skillpassport.identifiers import new_id
from skillpassport.transparency.checkpoint import Checkpoint
from skillpassport.transparency.entries import Kind


def accept_restore(
    sequencer: Sequencer, *, reason: str, start_anew: Callable[[UnitOfWork], None]
) -> Checkpoint:
    """Return the head of the log that goes on from the restored database.

    A head that someone kept of the lost stretch will never fit the log again, and `log verify`
    keeps saying so: accepting a restore is visible to everyone who looks.

    reason: why it was restored; kept in the log
    start_anew: closes what must not be continued, in the transaction that records the recovery
    Raises: DatabaseFailure and its kinds
    """
    files = HeadFiles(sequencer.heads_dir)
    with files.locked():
        with sequencer.database.transaction() as work:
            state = read_state(work.connection)
            row = {
                "id": new_id(),
                "accepted_at": work.now,
                "reason": reason,
                "continued_from": state.checkpoint.size if state else 0,
                "abandoned_size": max(files.count(), published_size(files)),
                "abandoned_head": files.latest(),
            }
            work.connection.execute(insert(log_recoveries), row)
            work.log.record(Kind.LOG_RECOVERED, log_recoveries, row)
            start_anew(work)
        files.set_aside(sequencer.database.clock.now())
    return sequencer.sequence_once()
