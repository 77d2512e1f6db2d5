"""Whether the credentials inside a learner record hold as well, each by its own proof.

Whoever makes a record signs that it was put together so; that each credential in it is its issuer's is
shown by that credential alone. One that is not proven here leaves the record open.

Source: CLR Standard 2.0, section 4.2 (ClrSubject.verifiableCredential)
"""

from collections.abc import Callable, Iterator
from typing import Final

from skillpassport.vc.checks.session import passed
from skillpassport.vc.kinds import CLR_CREDENTIAL
from skillpassport.vc.model import Credential, has_more_values
from skillpassport.vc.report import Check, CheckName, Outcome, Verdict
from skillpassport.vc.strict_json import JsonValue, one_or_many

MAX_NESTED: Final = 16
MAX_VALUES: Final = 6_000
"""Members and elements of a record whose contents are judged: each is expanded once in the record and
once in its credential, which takes a second and a half. Sixteen common credentials have 1,500."""

_SOURCE: Final = "CLR Standard 2.0, ClrSubject"

_TOLD: Final = {
    Verdict.INVALID: "does not hold",
    Verdict.UNDETERMINED: "could not be checked as a whole",
    Verdict.UNREADABLE: "is not of a form that is read here",
}


def check_contents(
    credential: Credential, judge: Callable[[JsonValue], Verdict] | None
) -> list[Check]:
    """Return one check for each credential inside a learner record; none for other credentials.

    judge: says how a credential inside stands by itself; None for a record within a record, whose
    contents are not judged
    """
    if CLR_CREDENTIAL not in credential.types:
        return []
    inside = [
        nested
        for subject in credential.subjects
        for nested in one_or_many(subject.get("verifiableCredential"))
    ]
    if inside and has_more_values(credential.document, MAX_VALUES):
        return [
            _unproven(f"The record holds more than {MAX_VALUES} values, too many to judge each.")
        ]
    return list(_check_each(inside, judge))


def _check_each(
    inside: list[JsonValue], judge: Callable[[JsonValue], Verdict] | None
) -> Iterator[Check]:
    for number, nested in enumerate(inside[:MAX_NESTED], start=1):
        verdict = judge(nested) if judge else None
        if verdict is Verdict.VALID:
            message = f"The credential number {number} in the record holds by itself."
            yield passed(CheckName.CONTENTS, "nested-credential-valid", message, _SOURCE)
        else:
            told = _TOLD[verdict] if verdict else "lies too deep to be judged"
            yield _unproven(f"The credential number {number} in the record {told}.")
    if len(inside) > MAX_NESTED:
        yield _unproven(f"The record holds {len(inside)} credentials; {MAX_NESTED} were judged.")


def _unproven(message: str) -> Check:
    return Check(
        CheckName.CONTENTS,
        Outcome.UNCHECKED,
        "nested-credential-unproven",
        message,
        remedy="Ask for that credential itself, and verify it.",
        source=_SOURCE,
    )
