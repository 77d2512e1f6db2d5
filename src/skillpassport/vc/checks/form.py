"""What is said of a document that is not read at all."""

from skillpassport.errors import SkillPassportError
from skillpassport.vc.report import Check, CheckName, Outcome


def check_unread(
    seems_to_be: str | None, refusal: SkillPassportError | None, *, remedy: str
) -> Check:
    """Return that a document is of no form that is read here, and what it seems to be.

    refusal: why it is not read, where it would be but for that
    """
    reason = f" {refusal.message}" if refusal else ""
    return Check(
        CheckName.FORM,
        Outcome.FAILED,
        refusal.code if refusal else "form-unknown",
        f"This seems to be {seems_to_be}.{reason}",
        remedy=remedy,
    )
