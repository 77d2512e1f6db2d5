"""Judge a credential that somebody composed, before it is signed.

Follows VC Data Model 2.0, section 4, and JSON-LD 1.1: every member must have a meaning (safe mode),
also where the securing signs letters and not statements, so that a credential which leaves here
reads the same for everybody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.profiles.claims import claims_of, claims_problems
from skillpassport.profiles.model import Securing
from skillpassport.vc.checks.content import redefined_terms
from skillpassport.vc.checks.status import MAX_ENTRIES
from skillpassport.vc.contexts import ContextError
from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.model import shape_problems
from skillpassport.vc.quoting import quoted
from skillpassport.vc.sdjwt.credential import VCT
from skillpassport.vc.shapes import Shapes
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many
from skillpassport.vc.token_status import STATUS

_MAX_NAMED: Final = 20
_SECURED: Final = ("proof",)


@dataclass(frozen=True, slots=True)
class Departure:
    """One place where a credential cannot be signed as it is.

    pointer: JSON pointer into the credential
    """

    pointer: str
    message: str


class CredentialRefused(SkillPassportError):
    """A credential that somebody composed cannot be signed as it is."""

    code = "credential-refused"

    def __init__(self, departures: tuple[Departure, ...]) -> None:
        said = "; ".join(f"{each.pointer or '/'}: {each.message}" for each in departures[:5])
        super().__init__(
            f"Expected a credential of the VC Data Model 2.0 that can be signed; found {said:.600}. "
            "Change that and send it again."
        )
        self.departures = departures[:_MAX_NAMED]


@dataclass(frozen=True, slots=True)
class Compose:
    """Takes what somebody composed; what is remembered of shapes is shared."""

    contexts_folder: Path | None = None
    _shapes: Shapes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Begin with no shape known."""
        object.__setattr__(self, "_shapes", Shapes(self.contexts_folder))

    def __call__(self, credential: JsonObject, did: str, securing: Securing) -> JsonObject:
        """Return the credential with its issuer; the given one is not changed.

        credential: from `strict_json.parse`, which refuses what has no canonical form
        did: of the profile
        Raises: CredentialRefused
        """
        if securing is not Securing.SD_JWT_VC:
            return self._composed(credential, did)
        if "@context" not in credential or VCT in credential:
            return _composed_claims(credential, did)
        return {**_said_as_claims(self._composed(credential, did)), "iss": did}

    def _composed(self, credential: JsonObject, did: str) -> JsonObject:
        document = _with_issuer(credential, did)
        _check(document)
        if self._shapes.knows(document):
            return document
        try:
            self._shapes.canonicalize(document)
        except (NotCanonicalizable, ContextError) as error:
            raise CredentialRefused((Departure("", error.message),)) from error
        return document

    def quickly(
        self,
        credential: JsonObject,
        did: str,
        is_known: Callable[[JsonObject], bool] | None = None,
    ) -> JsonObject | None:
        """Return the same, where nothing has to be expanded; None for a shape that is new.

        is_known: whether somebody else has put the very document through the full processor, or
            through what stands for it; asked instead of what is remembered here
        Raises: CredentialRefused
        """
        document = _with_issuer(credential, did)
        if not (is_known or self._shapes.knows)(document):
            return None
        _check(document)
        return document


def _with_issuer(credential: JsonObject, did: str) -> JsonObject:
    issuer = credential.get("issuer")
    if "issuer" not in credential:
        return {**credential, "issuer": did}
    identifier = issuer.get("id") if isinstance(issuer, dict) else issuer
    if identifier != did:
        pointer = "/issuer/id" if isinstance(issuer, dict) else "/issuer"
        raise CredentialRefused((Departure(pointer, f"expected the profile's own DID, {did}"),))
    return credential


def _check(document: JsonObject) -> None:
    departures = tuple(_departures(document))
    if departures:
        raise CredentialRefused(departures)


def _departures(document: JsonObject) -> Iterator[Departure]:
    for member in _SECURED:
        if member in document:
            yield Departure(f"/{member}", "expected a credential that is not secured yet")
    # No verifier would look up more; one place is left for the profile's own.
    if len(one_or_many(document.get("credentialStatus"))) >= MAX_ENTRIES:
        yield Departure("/credentialStatus", f"expected fewer than {MAX_ENTRIES} status entries")
    for problem in shape_problems(document):
        yield Departure(problem.pointer, f"expected {problem.expected}")
    for term in redefined_terms(document):
        yield Departure("/@context", f"expected {quoted(term)} not to be defined anew")


def _said_as_claims(document: JsonObject) -> JsonObject:
    departures = tuple(
        Departure(problem.pointer, f"expected {problem.expected}")
        for problem in claims_problems(document)
    )
    if departures:
        raise CredentialRefused(departures)
    return claims_of(document)


def _composed_claims(claims: JsonObject, did: str) -> JsonObject:
    """Return the claims of an SD-JWT VC with `iss`.

    Source: SD-JWT VC, section 3.2.2 (Registered JWT Claims)
    """
    departures = [
        Departure(f"/{member}", "expected claims under a 'vct', or a credential with '@context'")
        for member in ("@context", "proof", "credentialSubject", STATUS)
        if member in claims
    ]
    if not _is_text(claims.get(VCT)):
        departures.append(Departure(f"/{VCT}", "expected the type of the credential"))
    if "iss" in claims and claims["iss"] != did:
        departures.append(Departure("/iss", f"expected the profile's own DID, {did}"))
    if departures:
        raise CredentialRefused(tuple(departures))
    return {**claims, "iss": did}


def _is_text(value: JsonValue) -> bool:
    return isinstance(value, str) and bool(value)
