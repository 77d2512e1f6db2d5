"""Issuing: from an award to a signed credential that the log knows.

Everything happens in one transaction: the accreditation is read under the lock that a withdrawal
also takes, status indexes are reserved, the document is built, signed and checked, rows and log
entries are written. Nothing leaves before the commit, so nothing signed can be unknown.

Awards of one issuer that come at the same time, and those that are issued as a batch, share one
transaction, its reads and its statements.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from skillpassport.credentials.gathering import Gathering, Take
from skillpassport.credentials.model import Award, CredentialId, Format, IssuedCredential
from skillpassport.credentials.recording import (
    AwardsRefused,
    Judged,
    Ledger,
    Recording,
    Refusal,
    Wanted,
)
from skillpassport.credentials.securing import load_what_signs
from skillpassport.custody.subjects import SubjectKey
from skillpassport.errors import SkillPassportError
from skillpassport.idempotency import RequestKey
from skillpassport.identifiers import new_id
from skillpassport.organisations.model import Organisation, OrganisationId

MAX_BATCH: Final = 500
"""As many as a transaction records in about a second, in which nobody else writes on SQLite."""

MAX_SECONDS_TOGETHER: Final = 0.1
"""From the first of several awards on; its answer waits for the others."""

_Asked = tuple[Wanted, RequestKey | None]
_Queue = tuple[OrganisationId, Format]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Issue credentials for awards.

    subject_keys: makes keys for so many persons, committed to their own store before awards are
    one_writer: nobody else writes while a transaction is open, so that awards which come meanwhile
        may join it: the locks that they need are held already
    """

    transaction: Callable[[], AbstractContextManager[Ledger]]
    subject_keys: Callable[[int], Sequence[SubjectKey]]
    one_writer: bool = False
    _gathering: Gathering[_Queue, _Asked, IssuedCredential] = field(
        default_factory=Gathering, init=False, repr=False, compare=False
    )

    def __call__(
        self, issuer: Organisation, award: Award, request: RequestKey | None = None
    ) -> IssuedCredential:
        """Return the stored credential; its `document` is exactly what was signed.

        Raises: SubjectIdUnusable, AwardedInFuture, AwardedBeforeBirth, ValidityEndsBeforeAward,
            SecuringUnusable, HolderKeyUnusable, CannotBeSecured, NotAccredited and its kinds,
            NoSigningKey, AlreadyDone
        """
        (wanted,) = self.ready_for(issuer, [award])
        # One form of lists for each queue: several, asked for in turns, could block each other.
        queue = (issuer.id, award.format)
        recorded = self._gathering.ask(queue, (wanted, request), self._record_together)
        if recorded is not None:
            return recorded
        with self.transaction() as ledger:
            return self.record(ledger, wanted, request)

    def batch(
        self, issuer: Organisation, awards: Sequence[Award], request: RequestKey | None = None
    ) -> list[IssuedCredential]:
        """Return the stored credentials of several awards, in their order; all or none are issued.

        The request's key is tied to the ids of all, told by `ids_of_batch`.

        awards: at most `MAX_BATCH`
        Raises: BatchSizeUnusable, AwardsRefused with each award that is refused, NoSigningKey,
            AlreadyDone
        """
        _check_size(awards)
        wanted = self.ready_for(issuer, awards)
        ids = [each.id for each in wanted]
        with self.transaction() as ledger:
            ledger.claim(request, ids[0], secret=_BETWEEN_IDS.join(ids))
            return _record_all(Recording(ledger, issuer), wanted)

    def rehearse(self, issuer: Organisation, awards: Sequence[Award]) -> None:
        """Do all that issuing a batch does, and undo it: nothing is kept of it.

        Raises: as `batch`
        """
        with suppress(_Rehearsed):
            self._rehearse(issuer, awards)

    def _rehearse(self, issuer: Organisation, awards: Sequence[Award]) -> None:
        _check_size(awards)
        wanted = self.ready_for(issuer, awards)
        with self.transaction() as ledger:
            _record_all(Recording(ledger, issuer), wanted)
            raise _Rehearsed

    def ready_for(self, issuer: Organisation, awards: Sequence[Award]) -> list[Wanted]:
        """Return awards with ids and keys, and all at hand that nobody should hold a lock for."""
        for award in awards:
            load_what_signs(award)
        keys = self.subject_keys(len(awards))
        return [
            Wanted(issuer=issuer, award=award, id=CredentialId(new_id()), subject_key=key)
            for award, key in zip(awards, keys, strict=True)
        ]

    def record(
        self, ledger: Ledger, wanted: Wanted, request: RequestKey | None = None
    ) -> IssuedCredential:
        """Write one award within a transaction that is already open.

        Raises: as `__call__`
        """
        ledger.claim(request, wanted.id)
        try:
            (credential,) = _record_all(Recording(ledger, wanted.issuer), [wanted])
        except AwardsRefused as refused:
            raise refused.refusals[0].cause from None
        return credential

    def _record_together(self, take: Take[_Asked]) -> Sequence[IssuedCredential | None]:
        """Return the credentials of the awards that wait, all in one transaction.

        None for those that are to be recorded alone: who is refused, or repeats a request, is told
        so by a transaction of its own; and where the attempt failed, nothing of it is kept.
        """
        recorded: list[IssuedCredential | None] = []
        attempt_failed = False
        try:
            with self.transaction() as ledger:
                try:
                    recorded = self._record_those_who_come(ledger, take)
                except Exception:
                    attempt_failed = True
                    raise
        except Exception:
            if not attempt_failed:
                raise  # whether the commit took place is not known: nothing may be tried again
            return []
        return recorded

    def _record_those_who_come(
        self, ledger: Ledger, take: Take[_Asked]
    ) -> list[IssuedCredential | None]:
        since, recording = monotonic(), None
        recorded: list[IssuedCredential | None] = []
        while came := take():
            recording = recording or Recording(ledger, came[0][0].issuer)
            judged = recording.judge([wanted for wanted, _ in came])
            good = [each for each in judged if isinstance(each, Judged)]
            requests = {wanted.id: request for wanted, request in came if request}
            # In one order by everybody: a repeat elsewhere holds the key until its end.
            for each in sorted(requests, key=lambda name: requests[name].key):
                if any(one.wanted.id == each for one in good):
                    ledger.claim(requests[each], each)
            credentials = {one.id: one for one in recording.write(good)} if good else {}
            recorded += [credentials.get(wanted.id) for wanted, _ in came]
            if not self.one_writer or monotonic() - since > MAX_SECONDS_TOGETHER:
                break
        return recorded


_BETWEEN_IDS: Final = " "


def ids_of_batch(secret: str) -> list[CredentialId]:
    """Return the credentials of a batch, in the order of its awards, from what its key was tied to."""
    return [CredentialId(each) for each in secret.split(_BETWEEN_IDS)]


def _record_all(recording: Recording, wanted: Sequence[Wanted]) -> list[IssuedCredential]:
    """Return the credentials of awards of which each may be recorded.

    Raises: AwardsRefused, with all that may not
    """
    judged = recording.judge(wanted)
    refusals = [
        Refusal(position, each)
        for position, each in enumerate(judged)
        if isinstance(each, SkillPassportError)
    ]
    if refusals:
        raise AwardsRefused(refusals)
    return recording.write([each for each in judged if isinstance(each, Judged)])


def _check_size(awards: Sequence[Award]) -> None:
    if not 0 < len(awards) <= MAX_BATCH:
        raise BatchSizeUnusable(len(awards))


class _Rehearsed(Exception):
    """All went well, and is to be undone."""


class BatchSizeUnusable(SkillPassportError):
    """A batch holds nothing, or more than one transaction takes."""

    code = "batch-size-unusable"
    public = ("max_awards",)

    def __init__(self, found: int) -> None:
        super().__init__(f"Expected a batch of 1 to {MAX_BATCH} awards, found {found}; divide it.")
        self.max_awards = MAX_BATCH
