"""The finding that most audits come to: a value that contradicts what was recorded."""

from skillpassport.transparency.audit import Finding, FindingCode


def contradiction(subject: str, what: str, *, found: object, expected: object) -> Finding:
    """Return the finding that a column says something else than the recorded events."""
    return Finding(
        code=FindingCode.STATE_CHANGED,
        subject=subject,
        message=(
            f"{subject}: {what} is {found or 'not set'}, but by the recorded events it is "
            f"{expected or 'not set'}."
        ),
    )
