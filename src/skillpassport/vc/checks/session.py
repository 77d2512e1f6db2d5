"""What one verification works with: the caller's policy, ports and clock, and what was found so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from skillpassport.errors import SkillPassportError
from skillpassport.vc.controllers import ASSERTION
from skillpassport.vc.data_integrity import MAX_PROOFS
from skillpassport.vc.did import (
    DidDocuments,
    DidError,
    DidMethodUnknown,
    DidUnresolvable,
    parse_did,
    resolve_did,
)
from skillpassport.vc.foreign import Foreign
from skillpassport.vc.jose import OWN_ALGORITHMS
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.status_refusals import StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import ProofSuite, suites_over
from skillpassport.vc.suites.ecdsa_jcs_2019 import CRYPTOSUITE as ECDSA_JCS_2019
from skillpassport.vc.suites.ecdsa_rdfc_2019 import CRYPTOSUITE as ECDSA_RDFC_2019
from skillpassport.vc.suites.ed25519_signature_2020 import ed25519_signature_2020_over
from skillpassport.vc.suites.eddsa_jcs_2022 import CRYPTOSUITE as EDDSA_JCS_2022
from skillpassport.vc.suites.eddsa_rdfc_2022 import CRYPTOSUITE as EDDSA_RDFC_2022
from skillpassport.vc.suites.protocol import ECDSA_SD_2023, ED25519_SIGNATURE_2020, ProofMalformed


class SchemaUnreachable(SkillPassportError):
    """A schema could not be had now."""

    code = "schema-unreachable"

    def __init__(self, reason: str = "no answer") -> None:
        self.reason = reason
        super().__init__(
            f"Expected the credential's schema; found {reason}. Try again when it is reachable."
        )


class Resolvers(DidDocuments, Protocol):
    """Finds what a credential points to; the caller decides what may be reached and for how long."""

    def status_list(self, url: str) -> bytes | str:
        """Return the status list credential at a URL, as it is published.

        Raises: StatusListUnreachable
        """
        ...

    def schema(self, url: str) -> bytes | str:
        """Return the JSON Schema at a URL.

        Raises: SchemaUnreachable
        """
        ...


class Offline:
    """Resolvers that reach nothing: did:key and did:jwk verify, everything else stays unchecked."""

    def did_document(self, did: str) -> JsonObject:
        """Raise DidUnresolvable."""
        raise DidUnresolvable(did, "no network")

    def status_list(self, _url: str) -> bytes | str:
        """Raise StatusListUnreachable."""
        raise StatusListUnreachable("no network")

    def schema(self, _url: str) -> bytes | str:
        """Raise SchemaUnreachable."""
        raise SchemaUnreachable("no network")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the caller accepts. The document never chooses its own rules.

    cryptosuites, jws_algorithms, did_methods: allow-lists
    suites: implementations by name, by default the built-in ones over `contexts_folder`; only those
    that are also allowed are used
    foreign: forms of earlier standards that are read besides; none unless named
    domain, challenge: what a proof must be bound to, when the caller asked for one; in tokens
    the audience and the nonce
    holder_must_be_subject: a presented credential of anyone else fails, instead of being remarked on
    key_binding_window: how far from now a holder may have signed for showing an SD-JWT
    check_type_metadata: ask the publisher of an SD-JWT VC's type for its rules
    trust_anchors: certificates in DER of authorities that may vouch for issuers by `x5c`
    clock_skew: how far the issuer's clock may be ahead or behind
    contexts_folder: further JSON-LD contexts, see `contexts.load_context`
    unsafe_skip_status: report the status as not applicable; a revoked credential then passes
    """

    cryptosuites: frozenset[str] = frozenset(
        {ECDSA_JCS_2019, ECDSA_RDFC_2019, ECDSA_SD_2023, EDDSA_JCS_2022, EDDSA_RDFC_2022}
    )
    jws_algorithms: frozenset[str] = OWN_ALGORITHMS
    did_methods: frozenset[str] = frozenset({"key", "jwk", "web"})
    suites: Mapping[str, ProofSuite] | None = None
    foreign: frozenset[Foreign] = frozenset()
    purpose: str = ASSERTION
    domain: str | None = None
    challenge: str | None = None
    holder_must_be_subject: bool = False
    key_binding_window: timedelta = timedelta(minutes=5)
    check_type_metadata: bool = False
    trust_anchors: tuple[bytes, ...] = ()
    clock_skew: timedelta = timedelta(0)
    contexts_folder: Path | None = None
    unsafe_skip_status: bool = False

    @property
    def allowed_suites(self) -> Mapping[str, ProofSuite]:
        """The suites that are both there and allowed."""
        suites = suites_over(self.contexts_folder) if self.suites is None else self.suites
        allowed = {name: suites[name] for name in self.cryptosuites if name in suites}
        if Foreign.ED25519_SIGNATURE_2020 in self.foreign:
            allowed[ED25519_SIGNATURE_2020] = ed25519_signature_2020_over(self.contexts_folder)
        return allowed


@dataclass(slots=True, kw_only=True)
class Session:
    """One verification under way. Documents are asked for once, however many proofs name them.

    is_inside: whether the document lies inside another
    """

    resolvers: Resolvers
    now: datetime
    policy: Policy
    is_inside: bool = False
    _did_answers: dict[str, JsonObject | DidError] = field(default_factory=dict)
    _proofs: int = 0

    def under(self, policy: Policy) -> "Session":
        """Return a session for a further document: the same instant and answers, another policy."""
        return Session(
            resolvers=self.resolvers,
            now=self.now,
            policy=policy,
            _did_answers=self._did_answers,
        )

    def inside(self) -> "Session":
        """Return a session for what lies inside a document; its proofs count with the document's."""
        return Session(
            resolvers=self.resolvers,
            now=self.now,
            policy=self.policy,
            is_inside=True,
            _did_answers=self._did_answers,
            _proofs=self._proofs,
        )

    def count_proofs(self, found: int) -> None:
        """Count the proofs of the credential and of the lists that it leads to, together.

        A megabyte of small members takes a quarter of a second for each proof, and eight lists of
        sixteen proofs each would take half a minute.

        Raises: ProofMalformed, when they are more than one verification checks
        """
        self._proofs += found
        if self._proofs > MAX_PROOFS:
            raise ProofMalformed("proof", f"at most {MAX_PROOFS} proofs, status lists included,")

    def did_document(self, did: str) -> JsonObject:
        """Return the document of a DID of a method that the policy accepts.

        Raises: DidUnresolvable, DidInvalid, DidMethodUnknown
        """
        if did not in self._did_answers:
            self._did_answers[did] = self._ask(did)
        answer = self._did_answers[did]
        if isinstance(answer, DidError):
            raise answer
        return answer

    def take_newer(self, did: str, document: JsonObject) -> None:
        """Answer with this document from now on."""
        self._did_answers[did] = document

    @property
    def documents(self) -> tuple[tuple[str, JsonObject], ...] | None:
        """Every document that was asked for, by its DID; None where one could not be had."""
        answers = self._did_answers.items()
        had = [(did, answer) for did, answer in answers if not isinstance(answer, DidError)]
        return tuple(had) if len(had) == len(answers) else None

    def _ask(self, did: str) -> JsonObject | DidError:
        try:
            method = parse_did(did).method
            if method not in self.policy.did_methods:
                return DidMethodUnknown(method)
            return resolve_did(did, self.resolvers)
        except DidError as error:
            return error


# Most checks end with the same few words: made once.
@lru_cache(maxsize=256)
def passed(name: CheckName, code: str, message: str, source: str | None = None) -> Check:
    """Return a check that held."""
    return Check(name, Outcome.PASSED, code, message, source=source)


@lru_cache(maxsize=256)
def not_applicable(name: CheckName, code: str, message: str) -> Check:
    """Return a check that this credential gives no occasion for."""
    return Check(name, Outcome.NOT_APPLICABLE, code, message)


def of_error(
    name: CheckName,
    error: SkillPassportError,
    source: str | None = None,
    *,
    outcome: Outcome = Outcome.FAILED,
) -> Check:
    """Return the check that ended with an error, its last sentence being the remedy."""
    message, remedy = _sentence_and_remedy(error.message)
    return Check(name, outcome, error.code, message, remedy=remedy, source=source)


def _sentence_and_remedy(text: str) -> tuple[str, str | None]:
    """Split "expected; found. What to do." at its last full stop before the end."""
    head, stop, tail = text.rpartition(". ")
    return (f"{head}.", tail) if stop else (text, None)
