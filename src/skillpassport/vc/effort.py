"""How much work it takes to verify a document, judged before it is begun.

Whoever serves many from one loop verifies at once what takes digests and a few signatures, and hands
the rest to threads. The expansion of a graph whose shape is new takes a hundred times longer than a
signature check; a record may hold sixteen credentials, each with work of its own.
"""

from typing import Final

from skillpassport.vc.checks.examined import Memory
from skillpassport.vc.checks.session import Policy
from skillpassport.vc.envelope import is_envelope
from skillpassport.vc.kinds import CLR_CREDENTIAL
from skillpassport.vc.recognition import recognise
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many
from skillpassport.vc.suites import suites_over
from skillpassport.vc.suites.ecdsa_jcs_2019 import CRYPTOSUITE as ECDSA_JCS_2019
from skillpassport.vc.suites.eddsa_jcs_2022 import CRYPTOSUITE as EDDSA_JCS_2022
from skillpassport.vc.suites.eddsa_rdfc_2022 import CRYPTOSUITE as EDDSA_RDFC_2022
from skillpassport.vc.suites.rdfc_suite import RdfcSuite

MAX_PROOFS: Final = 2
_OF_LETTERS: Final = (EDDSA_JCS_2022, ECDSA_JCS_2019)


def is_light(document: JsonObject | str, policy: Policy, memory: Memory | None = None) -> bool:
    """Return whether verifying a document takes no more than its digests and a few signatures.

    The statements of a document that is signed by them are made here already, if that is quick, and
    found again when it is verified; a token is taken apart once for both.

    document: from `strict_json`, or a token; as large as the caller lets one be
    policy: under which it will be verified
    memory: spares a second look at a token that was verified before, or will be verified now
    """
    if isinstance(document, str):
        return _is_light_token(document, memory)
    # What is enveloped, or signed as a token in JSON, is looked for before a proof is.
    if _is_record(document) or _is_wrapped(document):
        return False
    proofs = one_or_many(document.get("proof"))
    return 0 < len(proofs) <= MAX_PROOFS and all(
        _is_light_proof(proof, document, policy) for proof in proofs
    )


def _is_record(document: JsonObject) -> bool:
    return CLR_CREDENTIAL in one_or_many(document.get("type"))


def _is_wrapped(document: JsonObject) -> bool:
    return "payload" in document or is_envelope(document)


def _is_light_token(token: str, memory: Memory | None) -> bool:
    """Return whether a token has no disclosures, whose keys may be elsewhere, and no record inside."""
    seen = memory.seen(token) if memory else None
    if seen is not None:
        return not _is_record(seen)
    if not token.startswith("ey") or "~" in token:
        return False
    recognised = recognise(token)
    if memory:
        memory.hold(token, recognised)
    document = recognised.document
    return recognised.jws is not None and document is not None and not _is_record(document)


def _is_light_proof(proof: JsonValue, document: JsonObject, policy: Policy) -> bool:
    if not isinstance(proof, dict):
        return False
    cryptosuite = proof.get("cryptosuite")
    if cryptosuite in _OF_LETTERS:
        return True
    if cryptosuite != EDDSA_RDFC_2022 or "previousProof" in proof:
        return False
    suites = suites_over(policy.contexts_folder) if policy.suites is None else policy.suites
    suite = suites.get(EDDSA_RDFC_2022)
    if not isinstance(suite, RdfcSuite):
        return False
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    return suite.is_quick_to_hash(unsecured, proof)
