"""Presentations: what a holder shows to a verifier, and who it was that showed it.

Follows VC Data Model 2.0, section 4.13, Data Integrity 1.0 and VC-JOSE-COSE, section 3.1.2.

    from skillpassport.vc.presentations import verify_presentation
    shown = verify_presentation(raw, resolvers=Offline(), now=now, policy=Policy(challenge=nonce))
    print(shown.verdict, shown.holder, [c.is_the_holders for c in shown.credentials])
"""

from skillpassport.vc.presentations.recognition import PresentationForm
from skillpassport.vc.presentations.signing import build_presentation, sign_presentation
from skillpassport.vc.presentations.verify import (
    PresentationVerification,
    PresentedCredential,
    verify_presentation,
    verify_presentation_document,
)

__all__ = [
    "PresentationForm",
    "PresentationVerification",
    "PresentedCredential",
    "build_presentation",
    "sign_presentation",
    "verify_presentation",
    "verify_presentation_document",
]
