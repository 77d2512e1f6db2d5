"""Making a statement, and replacing those that no longer say what the registry answers."""

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final, Protocol

from skillpassport.equivalence.answer import Answer
from skillpassport.equivalence.asking import Question
from skillpassport.equivalence.statements.document import sign_statement
from skillpassport.equivalence.statements.model import (
    STATED,
    ComparabilityStatement,
    NothingToState,
    StatementId,
    StatementsExhausted,
    question_from_json,
    question_to_json,
    says,
    topic_of,
)
from skillpassport.identifiers import new_id
from skillpassport.organisations.model import SERVICE, OrganisationId
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.vc.bitstring_status import REVOCATION, StatusEntry
from skillpassport.vc.strict_json import JsonObject


class _SigningKeys(Protocol):
    def active(self, owner: OrganisationId, now: dt.datetime) -> ActiveSigner: ...


class _Statuses(Protocol):
    def reserve(
        self, subject: str, did: str, purposes: tuple[str, ...], now: dt.datetime
    ) -> tuple[StatusEntry, ...]: ...
    def set(self, subject: str, purpose: str, *, since: dt.datetime, now: dt.datetime) -> None: ...


class _Statements(Protocol):
    def add(self, statement: ComparabilityStatement) -> None: ...
    def newest(self, topic: str) -> ComparabilityStatement | None: ...
    def begun_since(self, instant: dt.datetime) -> int: ...
    def in_force(self) -> Iterable[ComparabilityStatement]: ...


class Ledger(Protocol):
    """What stating needs of a transaction."""

    @property
    def signing_keys(self) -> _SigningKeys: ...
    @property
    def statuses(self) -> _Statuses: ...
    @property
    def statements(self) -> _Statements: ...

    @property
    def now(self) -> dt.datetime:
        """The one instant of the transaction, asked for after locks are held."""
        ...

    def answer(self, question: Question) -> Answer:
        """Return what the registry answers within this transaction."""
        ...

    def registry_version(self) -> int:
        """Return the number of the registry's last change."""
        ...


STRANGERS_A_DAY: Final = 500
"""New statements within 24 hours while no API key is given.

Each is a row for ever, and is gone through whenever the registry changes. There is no end of
questions: a qualification's name may be spelled in many ways, and asked about on any day.
"""

Admit = Callable[[], None]


def _any() -> None:
    """Admit whoever asks."""


Transactions = Callable[[], AbstractContextManager[Ledger]]


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement that was asked for; `is_new` if it was made now."""

    statement: ComparabilityStatement
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """State the registry's answer to a question."""

    transaction: Transactions

    def __call__(
        self, question: Question, *, by_stranger: bool = False, admit: Admit = _any
    ) -> "Stated":
        """Return the statement in force, a new version where the answer has changed since.

        Asked twice, it is the same statement.

        by_stranger: whether nobody is known to answer for what is added
        admit: called before a stranger begins a new one; raises to refuse it
        Raises: NothingToState, StatementsExhausted, FrameworkUnknown, EditionUnknown, LevelUnknown,
            NoSigningKey, what `admit` raises
        """
        with self.transaction() as ledger:
            answer = ledger.answer(question)
            asked = question_to_json(question)
            newest = ledger.statements.newest(topic_of(asked))
            told = answer.to_json()
            if newest is not None and newest.says == says(told):
                return Stated(newest, is_new=False)
            if newest is None and answer.kind not in STATED:
                raise NothingToState(answer.kind.value)
            if newest is None and by_stranger:
                _require_room(ledger)
                admit()
            return Stated(_restate(ledger, asked, told, newest), is_new=True)


def _require_room(ledger: Ledger) -> None:
    begun = ledger.statements.begun_since(ledger.now - dt.timedelta(days=1))
    if begun >= STRANGERS_A_DAY:
        raise StatementsExhausted(STRANGERS_A_DAY)


def review(ledger: Ledger) -> int:
    """Replace each statement that the registry would make otherwise now; return how many.

    Called in the transaction that changed the registry, so that no statement in force contradicts
    an answer.
    """
    replaced = 0
    for statement in ledger.statements.in_force():
        question = question_from_json(statement.question, today=ledger.now.date())
        told = ledger.answer(question).to_json()
        if statement.says != says(told):
            _restate(ledger, statement.question, told, statement)
            replaced += 1
    return replaced


def _restate(
    ledger: Ledger,
    question: JsonObject,
    answer: JsonObject,
    newest: ComparabilityStatement | None,
) -> ComparabilityStatement:
    identifier = StatementId(new_id())
    now = ledger.now
    active = ledger.signing_keys.active(SERVICE, now)
    issuer = active.verification_method.partition("#")[0]
    (status,) = ledger.statuses.reserve(identifier, issuer, (REVOCATION,), now)
    draft = ComparabilityStatement(
        id=identifier,
        question=question,
        version=1 if newest is None else newest.version + 1,
        says=says(answer),
        registry_version=ledger.registry_version(),
        document="",
        issued_at=now,
        supersedes=None if newest is None else newest.id,
    )
    document = sign_statement(draft, answer, issuer=issuer, status=status, active=active)
    statement = replace(draft, document=document)
    ledger.statements.add(statement)
    if newest is not None:
        ledger.statuses.set(newest.id, REVOCATION, since=now, now=now)
    return statement
