"""Keeping the log: writing only where it can go on, sequencing, proving, auditing, recovering."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from skillpassport.clock import Clock, rfc3339
from skillpassport.credentials.model import IssuedCredential
from skillpassport.db.audit.log import verify_log
from skillpassport.db.disclosures import disclose, disclose_reissue
from skillpassport.db.head_files import HeadFiles
from skillpassport.db.log import ClockBehindLog
from skillpassport.db.log_proofs import SubtreeRoots, entry_at, position_of
from skillpassport.db.log_state import (
    LogAheadOfDatabase,
    LogStateBroken,
    latest_head,
    require_in_step,
)
from skillpassport.db.recovery import accept_restore
from skillpassport.db.sequencer import Sequencer
from skillpassport.db.unit_of_work import Database, UnitOfWork
from skillpassport.errors import SkillPassportError
from skillpassport.organisations.model import (
    SERVICE,
)
from skillpassport.organisations.signing_keys import NoSigningKey
from skillpassport.transparency.audit import AuditReport
from skillpassport.transparency.checkpoint import Checkpoint, HeadInvalid, read_checkpoint
from skillpassport.transparency.entries import Entry
from skillpassport.transparency.proofs import ConsistencyProof, Disclosure, InclusionProof
from skillpassport.vc.keys import KeyRefused, PublicKey, Signer
from skillpassport.vc.strict_json import JsonObject

_logger = logging.getLogger(__name__)

_LOG_STANDS_STILL = (LogAheadOfDatabase, LogStateBroken, HeadInvalid)
"""Nothing is written while the log cannot go on; what was issued can still be verified."""


class LogKeeping:
    """The log of one instance, and the guard before everything that is written.

    data_dir: folder of the instance, in which the heads have a folder of their own
    """

    database: Database
    clock: Clock
    public_url: str
    data_dir: Path
    _subtrees: SubtreeRoots

    @property
    def heads_dir(self) -> Path:
        """Where heads of the log are kept outside the database."""
        return self.data_dir / "heads"

    def _continue_log(self) -> None:
        """Sequence what is waiting; where the log cannot go on, only reading does."""
        try:
            self.sequencer().sequence_once()
        except (*_LOG_STANDS_STILL, ClockBehindLog, NoSigningKey) as error:
            _logger.warning("%s", error.message)

    @contextmanager
    def _writing(self, *, together: bool = False) -> Iterator[UnitOfWork]:
        """Begin a transaction, unless the log is ahead of the database or contradicts it.

        Asked for each time: a backup may be restored, or its restore accepted, beside a server.

        together: see `Database.transaction`
        """
        with self.database.transaction(together=together) as work:
            require_in_step(work.connection, HeadFiles(self.heads_dir))
            yield work

    def _refusal(self) -> SkillPassportError | None:
        """Return why nothing is written now, if so."""
        try:
            with self.database.snapshot() as work:
                require_in_step(work.connection, HeadFiles(self.heads_dir))
        except _LOG_STANDS_STILL as error:
            return error
        return None

    def sequencer(self) -> Sequencer:
        """Return what gives the log's entries their positions and signs its heads."""

        def active_signer(work: UnitOfWork) -> Signer:
            return work.signing_keys.active(SERVICE, self.clock.now()).signer

        return Sequencer(
            database=self.database,
            origin=f"{urlsplit(self.public_url).netloc}/log",
            active_signer=active_signer,
            heads_dir=self.heads_dir,
        )

    def log_head(self) -> JsonObject:
        """Return size, root hash, time and the signed note of the newest head."""
        note = latest_head(self.database)
        if note is None:  # `prepare` has signed one, unless the log could not be continued
            raise self._refusal() or LogStateBroken
        checkpoint = read_checkpoint(note)
        return {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": checkpoint.root.hex(),
            "time": rfc3339(checkpoint.time),
            "note": note,
        }

    def log_entry(self, position: int) -> Entry:
        """Return the line of the log at a position.

        Raises: EntryUnknown
        """
        with self.database.snapshot() as work:
            return entry_at(work.connection, position).entry

    def prove_inclusion(self, where: int | str, size: int | None = None) -> InclusionProof:
        """Return the proof that an entry is in the log.

        where: position of the entry, or the row that it is about, `credentials/<id>`
        Raises: EntryUnknown, TreeSizeUnknown, LogStateBroken
        """
        with self.database.snapshot() as work:
            found = where if isinstance(where, int) else position_of(work.connection, where)
            return self._subtrees.of(work.connection).inclusion(found, size)

    def prove_consistency(self, old_size: int, size: int | None = None) -> ConsistencyProof:
        """Return the proof that the log only grew since it had an older size.

        Raises: EntryUnknown, TreeSizeUnknown, LogStateBroken
        """
        with self.database.snapshot() as work:
            return self._subtrees.of(work.connection).consistency(old_size, size)

    def disclosures_of(self, credential: IssuedCredential) -> tuple[Disclosure, Disclosure | None]:
        """Return what opens the log's entry of a credential, and that of its newest signing anew.

        Raises: SubjectKeyErased
        """
        with self.database.snapshot() as work:
            return disclose(work, credential.id), disclose_reissue(work, credential.id)

    def verify_log(self, head_text: str | None = None) -> AuditReport:
        """Compare the database with its log, and the log with its heads."""
        with self.database.snapshot() as work:
            keys = work.signing_keys.multikeys_of(SERVICE)
        return verify_log(
            self.database,
            public_keys=[public for key in keys if (public := _readable(key)) is not None],
            head_text=head_text,
            heads_dir=self.heads_dir,
        )

    def accept_restore(self, reason: str) -> Checkpoint:
        """Go on from a restored database: new status lists are opened, and the log says so."""

        def start_anew(work: UnitOfWork) -> None:
            work.statuses.close_all(work.now)

        return accept_restore(self.sequencer(), reason=reason, start_anew=start_anew)


def _readable(multikey: str) -> PublicKey | None:
    """Return a public key; None where the row was mangled, which the audit names."""
    try:
        return PublicKey.from_multikey(multikey)
    except KeyRefused:
        return None
