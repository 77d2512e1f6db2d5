"""Awards whose signing key was published as stolen afterwards.

Nobody can tell from a document whether the thief signed it, so a revoked key makes every document
fail. The register can tell: what it recorded before the revocation, word for word, was no thief's.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from skillpassport.credentials.model import AwardRecord
from skillpassport.organisations.signing_keys import SigningKey
from skillpassport.vc.controllers import MethodRevoked
from skillpassport.vc.report import Check, Outcome, VerificationReport

KEY_REVOKED_LATER: Final = "key-revoked-later"


def names_revoked_key(report: VerificationReport) -> bool:
    """Return whether one check, and only one, failed because its key is revoked."""
    return sum(check.code == MethodRevoked.code for check in report.checks) == 1


def excused(
    report: VerificationReport,
    credential: AwardRecord,
    method: str | None,
    keys: Sequence[SigningKey],
) -> VerificationReport:
    """Return the report with a revoked key as a remark where the award was recorded before.

    The signature itself must hold all the same: that check stays as it was.

    method: DID URL of the key that signed
    keys: the issuer's own
    """
    key = next((each for each in keys if each.verification_method == method), None)
    if key is None or key.revoked_at is None or credential.issued_at >= key.revoked_at:
        return report
    return VerificationReport(tuple(_retold(check) for check in report.checks))


def _retold(check: Check) -> Check:
    if check.code != MethodRevoked.code:
        return check
    return replace(
        check,
        outcome=Outcome.WARNED,
        code=KEY_REVOKED_LATER,
        message=(
            "The key that signed this was published as stolen, but only after this very award had "
            "been recorded here. Readers elsewhere will refuse the document."
        ),
        remedy="Ask the issuer for a newly signed document.",
    )
