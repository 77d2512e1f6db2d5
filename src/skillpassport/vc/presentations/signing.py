"""Build a presentation and sign it as its holder."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from skillpassport.vc.controllers import AUTHENTICATION
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.envelope import envelope
from skillpassport.vc.jose import VC_JWT
from skillpassport.vc.keys import Signer
from skillpassport.vc.model import CREDENTIALS_V2
from skillpassport.vc.presentations.model import VERIFIABLE_PRESENTATION
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.suites import ProofSuite


def build_presentation(
    credentials: Sequence[JsonObject | str], *, holder: str | None, id_: str | None = None
) -> JsonObject:
    """Return an unsigned presentation of credentials as they were received.

    credentials: secured documents, or `vc+jwt` tokens, which are put into envelopes
    holder: identifier of who presents
    id_: a URL; a new URN when none is given
    Source: VC Data Model 2.0, section 4.13
    """
    entries: list[JsonValue] = [
        envelope(entry, VC_JWT) if isinstance(entry, str) else entry for entry in credentials
    ]
    document: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "id": id_ or f"urn:uuid:{uuid4()}",
        "type": [VERIFIABLE_PRESENTATION],
        "verifiableCredential": entries,
    }
    return {**document, "holder": holder} if holder else document


def sign_presentation(
    document: JsonObject, signer: Signer, *, suite: ProofSuite, options: ProofOptions
) -> JsonObject:
    """Return the presentation with the holder's proof; for `vp+jwt` see `jose.sign_vp_jwt`.

    options: with the verifier's `challenge` and `domain`; the purpose is always authentication
    Raises: ProofMalformed, NotCanonicalizable
    """
    as_holder = replace(options, purpose=AUTHENTICATION)
    return add_proof(document, suite=suite, signer=signer, options=as_holder)
