"""G1 and G2: eddsa-rdfc-2022 over HTTP, beside @digitalbazaar/vc behind a bare server of Node.

Both get the same bytes: credentials without an issuer to sign, and signed ones to verify.
"""

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from uuid import uuid4

from bench import node
from bench.contests import MANY, Contest, compete
from bench.credentials import a_credential
from bench.instance import Prepared
from bench.load import Load
from bench.serving import Process, serving
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.did import did_key, own_verification_method
from skillpassport.vc.keys import Ed25519Signer
from skillpassport.vc.suites import EDDSA_RDFC_2022

GOALS = ("G1", "G2")

_PEER = "@digitalbazaar/vc+node-http/eddsa-rdfc-2022"
_CREATED = datetime(2026, 3, 1, tzinfo=UTC)


def contests(product: Process, prepared: Prepared, wanted: Collection[str]) -> Iterator[str]:
    """Yield a line for each of the goals that are wanted; why not, where Node is missing."""
    goals = [goal for goal in GOALS if goal in wanted]
    reason = node.why_not()
    if reason is not None or not goals:
        yield from (f"{goal} not measured: {reason}" for goal in goals)
        return
    with serving("serving.mjs", {}) as peer:
        if "G1" in wanted:
            yield compete(_issuing(product, peer, prepared))
        if "G2" in wanted:
            yield compete(_verifying(product, peer))


def _issuing(product: Process, peer: Process, prepared: Prepared) -> Contest:
    composed = a_credential("did:example:placeholder")
    del composed["issuer"]
    bodies = tuple(
        json.dumps({"credential": {**composed, "id": f"urn:uuid:{uuid4()}"}}).encode()
        for _ in range(MANY)
    )
    ours = Load(
        pid=product.pid,
        port=product.port,
        path="/vc/issuers/eddsa-rdfc-2022/credentials/issue",
        bodies=bodies,
        headers=(("Authorization", f"Bearer {prepared.api_key}"),),
    )
    theirs = Load(pid=peer.pid, port=peer.port, path="/issue", bodies=bodies)
    return Contest(
        number="G1", peer=f"{_PEER}/issue", goal=22, ours=ours.burst, theirs=theirs.burst
    )


def _verifying(product: Process, peer: Process) -> Contest:
    bodies = tuple(_signed_bodies())
    path = "/vc/credentials/verify"
    ours = Load(pid=product.pid, port=product.port, path=path, bodies=bodies)
    theirs = Load(pid=peer.pid, port=peer.port, path="/verify", bodies=bodies)
    return Contest(
        number="G2", peer=f"{_PEER}/verify", goal=18, ours=ours.burst, theirs=theirs.burst
    )


def _signed_bodies() -> Iterator[bytes]:
    signer = Ed25519Signer.generate()
    issuer = did_key(signer.public_key)
    method = own_verification_method(issuer)
    options = ProofOptions(verification_method=method, created=_CREATED)
    for _ in range(MANY):
        credential = {**a_credential(issuer), "id": f"urn:uuid:{uuid4()}"}
        signed = add_proof(credential, suite=EDDSA_RDFC_2022, signer=signer, options=options)
        yield json.dumps({"verifiableCredential": signed}).encode()
