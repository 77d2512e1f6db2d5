"""Documents that lead to hosts which mean no good, and documents that are meant to be dear."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.envelope import envelope
from skillpassport.vc.presentations import build_presentation
from skillpassport.vc.sdjwt import Concealment
from skillpassport.vc.sdjwt.credential import issue_sd_jwt_vc
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.suites import BUILT_IN_SUITES
from skillpassport.vc.token_status import StatusReference
from tests.support.credentials import ISSUED, ISSUER, a_credential, did_of, method_of

SUITES: Final = ("eddsa-jcs-2022", "eddsa-rdfc-2022", "dc+sd-jwt")
CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
INDEX: Final = 11


@dataclass(frozen=True, slots=True)
class Brought:
    """One document, and how its verdict is to be.

    document: or token
    may_hold: whether it is dear under one suite alone, and sound under another
    """

    name: str
    document: JsonValue
    is_control: bool = False
    may_hold: bool = False


def pointing_to(url: str, suite: str) -> JsonObject:
    """Return a credential whose status is published there."""
    return _signed(a_credential(credentialStatus=_entry(url)), suite)


def with_eight_lists(url: str, suite: str) -> JsonObject:
    """Return a credential with as many lists there as one may have."""
    entries: list[JsonValue] = [_entry(f"{url}/{number}") for number in range(8)]
    return _signed(a_credential(credentialStatus=entries), suite)


def with_schema_at(url: str, suite: str) -> JsonObject:
    """Return a credential whose schema is published there."""
    schema: JsonValue = {"id": url, "type": "JsonSchema"}
    return _signed(a_credential(credentialSchema=schema), suite)


def with_issuer_at(port: int, mark: str) -> JsonObject:
    """Return a credential whose issuer's keys are published there; the signature is another's."""
    did = f"did:web:localhost%3A{port}:{mark}"
    document = a_credential(issuer=did)
    options = ProofOptions(verification_method=f"{did}#key-1", created=ISSUED)
    suite = BUILT_IN_SUITES[SUITES[0]]
    return add_proof(document, suite=suite, signer=ISSUER, options=options)


def token_pointing_to(url: str) -> str:
    """Return an SD-JWT VC whose status is published there."""
    claims: JsonObject = {
        "vct": "https://types.example/welder",
        "iss": did_of(ISSUER),
        "status": StatusReference(uri=url, index=INDEX).as_claim(),
    }
    return issue_sd_jwt_vc(
        claims, ISSUER, concealment=Concealment(paths=()), kid=method_of(ISSUER)
    ).text


def presented(document: JsonValue) -> JsonObject:
    """Return an unsigned presentation of a document, a token in its envelope."""
    entry = envelope(document, "dc+sd-jwt") if isinstance(document, str) else document
    assert isinstance(entry, dict)
    return build_presentation([entry], holder=None)


def dear_documents(suite: str) -> Iterator[Brought]:
    """Yield documents that lead nowhere and cost much, under the proof of another."""
    bare = _signed(a_credential(), suite)
    for name, credential in dear_credentials():
        yield Brought(name, {**credential, "issuer": did_of(ISSUER), "proof": bare["proof"]})
    if suite == SUITES[0]:
        # Over JCS nothing is dear in a graph, and its proof may well hold.
        for name, credential in poison_graphs():
            document = {**credential, "issuer": did_of(ISSUER)}
            yield Brought(f"well-signed-{name}", _signed(document, suite), may_hold=True)


def dear_credentials() -> Iterator[tuple[str, JsonObject]]:
    """Yield unsigned credentials that cost much to make a canonical form of, by name."""
    many: list[JsonValue] = [CONTEXT, *(f"https://c{n}.example/v1" for n in range(10_000))]
    terms: list[JsonValue] = [{f"t{n}": f"urn:t:{n}"} for n in range(10_000)]
    nested: JsonObject = {"@vocab": "urn:x:"}
    for _ in range(90):
        nested = {"@context": nested, "x": 1}
    yield "10,000-contexts", _with_contexts(many)
    yield "10,000-inline-contexts", _with_contexts([CONTEXT, *terms])
    yield "same-context-10,000-times", _with_contexts([CONTEXT] * 10_000)
    yield "contexts-in-contexts", _with_contexts([CONTEXT, nested])
    yield from poison_graphs()


def poison_graphs() -> Iterator[tuple[str, JsonObject]]:
    """Yield credentials with nodes that only much work can tell apart, by name."""
    names = [f"_:n{number}" for number in range(8)]
    clique: list[JsonValue] = [
        {"id": name, "knows": [{"id": other} for other in names if other != name]} for name in names
    ]
    alike: list[JsonValue] = [{"knows": [{}, {}, {}]} for _ in range(8)]
    forest: list[JsonValue] = [{"knows": [{}, {}, {}]} for _ in range(400)]
    deep: JsonObject = {}
    for _ in range(40):
        deep = {"knows": [deep, {}]}
    graphs: tuple[tuple[str, list[JsonValue]], ...] = (
        ("clique-of-8-nodes", clique),
        ("8-nodes-alike", [*alike, *alike]),
        ("400-nodes-alike", forest),
        ("40-nodes-deep", [deep]),
    )
    for name, nodes in graphs:
        credential = _with_contexts([CONTEXT, {"@vocab": "urn:x:"}])
        yield name, {**credential, "credentialSubject": {"knows": nodes}}


def _with_contexts(contexts: list[JsonValue]) -> JsonObject:
    return {
        "@context": contexts,
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:x"},
    }


def _entry(url: str) -> JsonObject:
    return StatusEntry(purpose="revocation", list_url=url, index=INDEX).as_json()


def _signed(document: JsonObject, suite: str) -> JsonObject:
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    return add_proof(document, suite=BUILT_IN_SUITES[suite], signer=ISSUER, options=options)
