"""Libraries of other makers verify our awards; they know the published contexts and nothing of ours.

They differ about terms that stand in the document itself, as those of the default form do.
"""

from typing import Any

import pytest
from openvc import VerificationPolicy, verify_credential
from openvc.did.base import DidResolverRegistry
from openvc.did.did_web import DidWebResolver
from openvc.errors import OpenvcError
from openvc.proof.errors import ProofMalformed
from openvc.verify import UnknownCredentialFormat

from skillpassport.credentials.documents import Issuance
from skillpassport.credentials.formats import DOCUMENT_FORMATS
from skillpassport.credentials.model import Format
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.contexts import BUNDLED, load_context
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.keys import Signer
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import suites_over
from skillpassport.vc.suites.ecdsa_sd_2023 import EcdsaSd2023
from tests.support.awards import Story, a_full_award, an_organisation
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    NOW,
    P256_ISSUER,
    P384_ISSUER,
    did_of,
    method_of,
)
from tests.support.node import NodePeer, node_peer

__all__ = ["node_peer"]

FORMS = [Format.VCDM, Format.OPEN_BADGE]
SIGNED = [
    pytest.param("eddsa-rdfc-2022", ISSUER, id="eddsa-rdfc-2022"),
    pytest.param("ecdsa-rdfc-2019", P256_ISSUER, id="ecdsa-rdfc-2019-P-256"),
    pytest.param("ecdsa-rdfc-2019", P384_ISSUER, id="ecdsa-rdfc-2019-P-384"),
]


def an_award_document(form: Format, signer: Signer) -> JsonObject:
    """Return an award with every optional field, unsigned."""
    builder = DOCUMENT_FORMATS[form.value]
    issuance = Issuance(
        document_id="urn:uuid:6b1d9a4e-3c5f-4c0e-9d5e-0d7f6a1b2c3d",
        issuer=an_organisation(did=did_of(signer)),
        statuses=[
            StatusEntry(purpose=each, list_url=f"https://passport.example/status/{each}", index=7)
            for each in builder.purposes
        ],
        level_uri=None,
        accreditation_uri="urn:skillpassport:accreditation:acc_0001",
        supersedes="urn:uuid:11111111-3c5f-4c0e-9d5e-0d7f6a1b2c3d",
    )
    return builder.build(a_full_award(), issuance)


def judged(peer: NodePeer, document: JsonObject, now: str = NOW.isoformat()) -> Any:  # noqa: ANN401 - JSON
    return peer.ask("verify", credential=document, now=now)


def renamed(document: JsonObject) -> JsonObject:
    """Return a copy in which the achievement has another name."""
    subject: Any = document["credentialSubject"]
    achievement = subject["achievement"] | {"name": "Surgeon"}
    return document | {"credentialSubject": subject | {"achievement": achievement}}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("suite", "signer"), SIGNED)
def test_an_award_with_its_own_terms_holds_there_under_suites_over_statements(
    node_peer: NodePeer, suite: str, signer: Signer, form: Format
) -> None:
    options = ProofOptions(verification_method=method_of(signer), created=ISSUED)
    document = an_award_document(form, signer)
    secured = add_proof(document, suite=suites_over(None)[suite], signer=signer, options=options)
    assert judged(node_peer, secured) == {"verified": True, "error": None}
    assert not judged(node_peer, renamed(secured))["verified"]


@pytest.mark.parametrize("form", FORMS)
def test_a_part_of_an_award_holds_there(node_peer: NodePeer, form: Format) -> None:
    suite = EcdsaSd2023(mandatory_pointers=["/issuer", "/type", "/validFrom"])
    options = ProofOptions(verification_method=method_of(P256_ISSUER), created=ISSUED)
    document = an_award_document(form, P256_ISSUER)
    base = add_proof(document, suite=suite, signer=P256_ISSUER, options=options)
    shown = suite.derive(document, base["proof"], ["/credentialSubject/achievement/name"])  # type: ignore[arg-type]
    assert judged(node_peer, shown) == {"verified": True, "error": None}
    assert not judged(node_peer, renamed(shown))["verified"]


@pytest.mark.parametrize(("form", "holds"), [("open-badge", True), ("vcdm", False)])
def test_an_award_as_it_is_issued(
    node_peer: NodePeer, lasting_story: Story, form: str, holds: bool
) -> None:
    """Under eddsa-jcs-2022 that library takes no terms from within a document, not even its own."""
    story = lasting_story
    document = story.award(format=form)["document"]
    keys = keys_of(story)
    assert node_peer.ask("know", document=keys) == story.provider.did
    now = story.served.clock.now().isoformat().replace("+00:00", "Z")
    found = judged(node_peer, document, now)
    assert found["verified"] is holds, found
    assert holds or "does not start with proof.@context" in found["error"]
    assert not judged(node_peer, renamed(document), now)["verified"]


def keys_of(story: Story) -> Any:  # noqa: ANN401 - JSON
    return story.served.get(f"/orgs/{story.provider.slug}/did.json").json()


@pytest.mark.parametrize("form", ["open-badge", "vcdm"])
def test_openvc_takes_an_award_as_it_is_issued(lasting_story: Story, form: str) -> None:
    """That library reads one proof; the strict form has an array of one, as its schema wants."""
    story = lasting_story
    document = story.award(format=form)["document"]
    if form == "open-badge":
        with pytest.raises(UnknownCredentialFormat, match="no `proof`"):
            judged_by_openvc(story, document)
        document = document | {"proof": document["proof"][0]}
    judged_by_openvc(story, document)
    with pytest.raises(OpenvcError, match="does not verify"):
        judged_by_openvc(story, renamed(document))


def judged_by_openvc(story: Story, document: JsonObject) -> None:
    verify_credential(
        document,
        policy=VerificationPolicy(now=story.served.clock.now(), require_status=False),
        resolver=DidResolverRegistry([DidWebResolver(lambda _url: keys_of(story))]),
        extra_contexts={url: load_context(url) for url in BUNDLED},
    )


@pytest.mark.parametrize(
    ("form", "suite", "holds"),
    [
        (Format.OPEN_BADGE, "eddsa-rdfc-2022", True),
        (Format.OPEN_BADGE, "eddsa-jcs-2022", True),
        (Format.VCDM, "eddsa-jcs-2022", True),
        (Format.VCDM, "eddsa-rdfc-2022", False),
    ],
)
def test_openvc_takes_terms_from_within_an_award_under_jcs_alone(
    form: Format, suite: str, holds: bool
) -> None:
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    document = an_award_document(form, ISSUER)
    secured = add_proof(document, suite=suites_over(None)[suite], signer=ISSUER, options=options)
    policy = VerificationPolicy(now=NOW, require_status=False)
    contexts = {url: load_context(url) for url in BUNDLED}
    if holds:
        verify_credential(secured, policy=policy, extra_contexts=contexts)
    else:
        with pytest.raises(ProofMalformed, match="inline @context"):
            verify_credential(secured, policy=policy, extra_contexts=contexts)
