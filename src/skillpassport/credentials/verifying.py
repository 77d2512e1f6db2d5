"""Verify a credential: genuine, in force, and from someone accredited on the day of the award.

The credential library judges the document alone. Here the issuer's place in this register is
added, and, one level up, what the achievement means in the reader's country.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from skillpassport.clock import Clock
from skillpassport.credentials.code import Code, CodeUnknown, parse_code
from skillpassport.credentials.model import Achievement, AwardRecord, IssuedCredential, State
from skillpassport.credentials.resembling import looks_of, names_of_issuer
from skillpassport.credentials.revoked_keys import excused, names_revoked_key
from skillpassport.credentials.securing import content_of
from skillpassport.credentials.trust import (
    RegisteredAward,
    StatementRecord,
    accreditation_checks,
    award_checks,
    issuer_unknown,
    name_resembles,
    statement_checks,
    unregistered_checks,
    withholding_checks,
)
from skillpassport.organisations.accreditation import Accreditation
from skillpassport.organisations.model import Organisation
from skillpassport.organisations.signing_keys import SigningKey
from skillpassport.vc.checks.examined import MAX_REMEMBERED
from skillpassport.vc.kinds import COMPARABILITY_STATEMENT
from skillpassport.vc.report import Check, CheckName, Outcome, Verdict, VerificationReport
from skillpassport.vc.strict_json import JsonObject, one_or_many, parse_object
from skillpassport.vc.verify import (
    DEFAULT_POLICY,
    Memory,
    Policy,
    Resolvers,
    Verification,
    verify,
    verify_document,
)


class Register(Protocol):
    """The award register, and who is known here."""

    def award_of_content(self, content: bytes) -> RegisteredAward | None: ...
    def credential_of_code(self, code: Code) -> IssuedCredential | None: ...
    def organisation_by_did(self, did: str) -> Organisation | None: ...
    def organisations(self) -> Sequence[Organisation]: ...
    def successor_of(self, credential: AwardRecord) -> Code | None: ...
    def accreditation_of_document(self, document_id: str) -> Accreditation | None: ...
    def statement_of_document(self, document_id: str) -> StatementRecord | None: ...
    def signing_keys_of(self, issuer: Organisation) -> Sequence[SigningKey]: ...


@dataclass(frozen=True, slots=True)
class Sources:
    """What answers the questions of one verification."""

    resolvers: Resolvers
    register: Register


class Comparer(Protocol):
    """Says what an achievement means in a country; wired in from the equivalence domain."""

    def __call__(
        self,
        *,
        achievement: Achievement | None,
        country_of_origin: str | None,
        destination: str,
        on: date | None,
        purpose: str | None,
    ) -> JsonObject:
        """Return the answer of the equivalence registry, as JSON.

        achievement: None where the document's achievement is not in this register
        on: day of the award, which decides the edition
        """
        ...


_OF_GENUINE = frozenset({str(CheckName.PROOF), str(CheckName.BINDING)})
_OPEN_OR_FAILED = frozenset({Outcome.FAILED, Outcome.UNCHECKED})

NO_DESTINATION: JsonObject = {"answer": "no_destination"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that a verification found.

    award: the entry in this instance's register, if there is one
    issuer: the organisation of this register that signed, if it is one
    replaced_by: code of the credential that replaced this one
    statement: the comparability statement of this service that the document is
    meaning: the equivalence registry's answer for the destination
    """

    report: VerificationReport
    verification: Verification
    meaning: JsonObject
    award: RegisteredAward | None = None
    issuer: Organisation | None = None
    replaced_by: Code | None = None
    statement: StatementRecord | None = None

    @property
    def verdict(self) -> Verdict:
        """What the reader is told."""
        return self.report.verdict

    @property
    def genuine(self) -> bool:
        """Whether the issuer's own proof holds, so that what the document says may be repeated.

        A proof may hold with a remark. One by a stranger's key says nothing of the named issuer.
        """
        seen = set()
        for check in self.report.checks:
            if check.name in _OF_GENUINE:
                if check.outcome in _OPEN_OR_FAILED:
                    return False
                seen.add(check.name)
        return len(seen) == len(_OF_GENUINE)


class _Contents:
    """Canonical contents of the documents that the memory gives again and again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[int, tuple[JsonObject, bytes]] = {}

    def of(self, document: JsonObject) -> bytes:
        """Return `content_of` a document that nobody changes."""
        kept = self._kept.get(id(document))
        # What is kept holds its document, so that no other one can have come to its place.
        if kept is not None and kept[0] is document:
            return kept[1]
        content = content_of(document)
        with self._lock:
            self._kept[id(document)] = document, content
            if len(self._kept) > MAX_REMEMBERED:
                del self._kept[next(iter(self._kept))]
        return content


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyCredential:
    """Verify a document or a code, with its meaning in a country.

    sources: opened for each verification
    """

    sources: Callable[[], AbstractContextManager[Sources]]
    clock: Clock
    compare: Comparer
    policy: Policy = DEFAULT_POLICY
    memory: Memory = field(default_factory=Memory)
    _contents: _Contents = field(default_factory=_Contents, init=False)

    def document(
        self,
        raw: JsonObject | bytes | str,
        *,
        destination: str | None = None,
        purpose: str | None = None,
    ) -> Findings:
        """Return what was found of a document; a credential that fails is an answer, not an error.

        raw: an object from `strict_json` and no other parser, or JSON or a compact
            token as it came
        destination: ISO 3166-1 alpha-2 of the reader's country
        """
        with self.sources() as sources:
            findings = self._find(raw, sources, self.clock.now())
        return self._with_meaning(findings, destination, purpose)

    def code(
        self, text: str, *, destination: str | None = None, purpose: str | None = None
    ) -> Findings:
        """Return what was found of the credential behind a printed code.

        Raises: CodeMalformed, CodeMistyped, CodeUnknown, SubjectKeyErased
        """
        code = parse_code(text)
        with self.sources() as sources:
            credential = sources.register.credential_of_code(code)
            now = self.clock.now()
            findings = self._find(credential.document, sources, now) if credential else None
        if findings is None:
            raise CodeUnknown
        return self._with_meaning(findings, destination, purpose)

    def meaning_of_nothing(self, destination: str | None, purpose: str | None) -> JsonObject:
        """Return what is said of a country where no achievement of this register is at hand."""
        if destination is None:
            return NO_DESTINATION
        return self.compare(
            achievement=None,
            country_of_origin=None,
            destination=destination,
            on=None,
            purpose=purpose,
        )

    def _find(self, raw: JsonObject | bytes | str, sources: Sources, now: datetime) -> Findings:
        """Return what was found at one instant, by which everything about a document is judged."""
        resolvers = sources.resolvers
        verification = (
            verify_document(
                raw, resolvers=resolvers, now=now, policy=self.policy, memory=self.memory
            )
            if isinstance(raw, dict)
            else verify(raw, resolvers=resolvers, now=now, policy=self.policy, memory=self.memory)
        )
        return self._judge(sources.register, verification, now)

    def _judge(self, register: Register, verification: Verification, now: datetime) -> Findings:
        findings = Findings(
            report=verification.report, verification=verification, meaning=NO_DESTINATION
        )
        if verification.document is None or verification.issuer is None or not findings.genuine:
            # The library judges the document alone: its "valid" never stands without the register.
            is_open = findings.verdict is Verdict.VALID
            return _with_checks(findings, issuer_unknown()) if is_open else findings
        issuer = register.organisation_by_did(verification.issuer)
        if issuer is None:
            statement = _statement_in(register, verification.document)
            if statement is not None:
                return _stated(findings, statement)
            likeness = _likeness(register, verification.document)
            return _with_checks(findings, issuer_unknown(), *likeness)
        findings = replace(findings, issuer=issuer)
        signed = verification.document if verification.signed is None else verification.signed
        award = register.award_of_content(self._contents.of(signed))
        if award is None:
            if _is_accreditation(register, issuer, verification.document):
                return _with_checks(findings, *accreditation_checks(issuer))
            return _with_checks(findings, *unregistered_checks(issuer))
        if names_revoked_key(findings.report):
            keys, method = register.signing_keys_of(issuer), verification.verification_method
            report = excused(findings.report, award.credential, method, keys)
            findings = replace(findings, report=report)
        told = tuple(_retold(check, award.credential) for check in findings.report.checks)
        findings = replace(
            findings,
            award=award,
            report=VerificationReport(told),
            replaced_by=register.successor_of(award.credential),
        )
        checks = award_checks(award, now)
        return _with_checks(findings, *checks, *withholding_checks(verification.revealed))

    def _with_meaning(
        self, findings: Findings, destination: str | None, purpose: str | None
    ) -> Findings:
        if destination is None:
            return findings
        award = findings.award
        if award is None:
            return replace(findings, meaning=self.meaning_of_nothing(destination, purpose))
        meaning = self.compare(
            achievement=award.achievement,
            country_of_origin=award.issuer.country,
            destination=destination,
            on=award.credential.awarded_on,
            purpose=purpose,
        )
        return replace(findings, meaning=meaning)


def _with_checks(findings: Findings, *checks: Check) -> Findings:
    return replace(findings, report=findings.report.with_checks(*checks))


def _likeness(register: Register, document: JsonObject) -> tuple[Check, ...]:
    """Return a remark where a stranger's name looks like that of a registered organisation."""
    looks = frozenset[str]().union(*map(looks_of, names_of_issuer(document)))
    for organisation in register.organisations() if looks else ():
        registered = () if organisation.sandbox else organisation.name.values()
        if any(not looks.isdisjoint(looks_of(name)) for name in registered):
            return (name_resembles(organisation),)
    return ()


def _is_accreditation(register: Register, issuer: Organisation, document: JsonObject) -> bool:
    """Return whether this is, word for word, an accreditation that the issuer granted here."""
    identifier = document.get("id")
    if not isinstance(identifier, str):
        return False
    granted = register.accreditation_of_document(identifier)
    return (
        granted is not None
        and granted.authority == issuer.id
        and content_of(parse_object(granted.document)) == content_of(document)
    )


def _statement_in(register: Register, document: JsonObject) -> StatementRecord | None:
    """Return the comparability statement that this is, word for word."""
    # By its type at first, so that the register is not asked about each document of a stranger.
    if COMPARABILITY_STATEMENT not in one_or_many(document.get("type")):
        return None
    identifier = document.get("id")
    made = register.statement_of_document(identifier) if isinstance(identifier, str) else None
    if made is None or content_of(parse_object(made.document)) != content_of(document):
        return None
    return made


def _stated(findings: Findings, statement: StatementRecord) -> Findings:
    """Return the findings of a statement: that it was revoked only tells that it was replaced."""
    told = tuple(check for check in findings.report.checks if check.code != "credential-revoked")
    findings = replace(findings, statement=statement, report=VerificationReport(told))
    return _with_checks(findings, *statement_checks(statement))


def _retold(check: Check, credential: AwardRecord) -> Check:
    """Say of a replaced credential that it was replaced: its list entry can only say revoked."""
    if check.code == "credential-revoked" and credential.state is State.SUPERSEDED:
        return replace(
            check,
            code="credential-superseded",
            message="The issuer has replaced it by a corrected one.",
            remedy="Verify the credential that replaced it.",
        )
    return check
