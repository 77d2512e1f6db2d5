"""How the check of a signature ends, whatever the form of the proof."""

from skillpassport.vc.checks.session import of_error, passed
from skillpassport.vc.report import Check, CheckName, Outcome
from skillpassport.vc.suites.protocol import ProofInvalid


def holds(source: str) -> Check:
    """Return that the signature holds."""
    message = "The signature covers exactly this document."
    return passed(CheckName.PROOF, "proof-valid", message, source)


def does_not_match(source: str) -> Check:
    """Return that the signature is another document's, or another key's."""
    return of_error(CheckName.PROOF, ProofInvalid("one that does not match"), source)


def no_key() -> Check:
    """Return that there was no key to check with, which the method's check explains."""
    return Check(
        CheckName.PROOF,
        Outcome.UNCHECKED,
        "proof-unchecked",
        "The signature could not be checked, because its key was not to be had.",
        remedy="See the check of the verification method.",
    )
