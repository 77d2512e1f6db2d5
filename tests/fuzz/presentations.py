"""Fuzz target: presentations in every form, and the envelopes around tokens."""

from contextlib import suppress

from skillpassport.vc.envelope import (
    ENVELOPED_CREDENTIAL,
    ENVELOPED_PRESENTATION,
    EnvelopeMalformed,
    envelope,
    open_envelope,
)
from skillpassport.vc.presentations import PresentationForm, verify_presentation
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import StrictJsonError, parse_object
from skillpassport.vc.verify import Offline, Policy
from tests.support.credentials import NOW

_ASKED = Policy(challenge="f7b7e1b0-4b1c-4f7e", domain="verifier.example")


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a holder whom no signature proves."""
    for policy in (Policy(), _ASKED):
        found = verify_presentation(data, resolvers=Offline(), now=NOW, policy=policy)
        codes = {check.code for check in found.report.checks}
        assert found.holder is None or "proof-valid" in codes
        if policy is _ASKED and found.verdict is Verdict.VALID:
            assert found.form is not PresentationForm.UNSIGNED
    with suppress(StrictJsonError):
        document = parse_object(data)
        for kind in (ENVELOPED_CREDENTIAL, ENVELOPED_PRESENTATION):
            with suppress(EnvelopeMalformed):
                opened = open_envelope(document, kind)
                again = envelope(opened.text, opened.media_type, kind)
                assert open_envelope(again, kind) == opened
