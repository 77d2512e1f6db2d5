"""What a verification found: every check with its outcome, and the verdict read from all of them.

Three outcomes matter to a reader: it holds, it does not, or it could not be found out. The last
is never folded into one of the others (a border post without network is not a forged document).
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "unchecked"
    """The answer could not be had, for instance without network at a border post."""
    WARNED = "warned"
    NOT_APPLICABLE = "not_applicable"


class Verdict(StrEnum):
    """What the reader is told."""

    VALID = "valid"
    INVALID = "invalid"
    UNDETERMINED = "undetermined"
    UNREADABLE = "unreadable"


class CheckName(StrEnum):
    """The numbered checks of a verification, in their order."""

    FORM = "form"
    PARSING = "parsing"
    DATA_MODEL = "data-model"
    ALGORITHM = "algorithm"
    METHOD = "verification-method"
    BINDING = "issuer-binding"
    PROOF = "proof"
    DISCLOSURE = "disclosure"
    KEY_BINDING = "key-binding"
    TIME = "time"
    STATUS = "status"
    SCHEMA = "schema"
    CONTENTS = "contents"
    HOLDER = "holder-binding"


PROOF_CHECKS = frozenset(
    {
        CheckName.FORM,
        CheckName.PARSING,
        CheckName.ALGORITHM,
        CheckName.METHOD,
        CheckName.PROOF,
        CheckName.DISCLOSURE,
        CheckName.KEY_BINDING,
    }
)
"""What `checks: ["proof"]` of the VC-API judges: the proof alone, without the issuer binding."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question that was asked of a credential, and its answer.

    code: stable kebab-case name of this very answer
    message: a sentence for the reader
    remedy: what the reader can do about it
    source: the specification and section that the check follows
    required: whether the verdict depends on it
    """

    name: str
    outcome: Outcome
    code: str
    message: str
    remedy: str | None = None
    source: str | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """Every check that ran, in order."""

    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Verdict:
        """VALID only if every required check passed; one failure outweighs any doubt."""
        outcomes: set[Outcome] = set()
        for check in self.checks:
            if check.required:
                outcomes.add(check.outcome)
                if check.outcome is Outcome.FAILED and check.name == CheckName.FORM:
                    return Verdict.UNREADABLE
        if Outcome.FAILED in outcomes:
            return Verdict.INVALID
        if Outcome.PASSED not in outcomes or Outcome.UNCHECKED in outcomes:
            return Verdict.UNDETERMINED
        return Verdict.VALID

    def verified(self, names: Collection[str] | None = None) -> bool:
        """Return whether none of the named checks (default: all) failed or stayed open.

        This is the VC-API's reading, which knows no doubt: an unchecked status is not verified.
        An empty report, or one without any of the names, verifies nothing.
        """
        judged = [check for check in self.checks if names is None or check.name in names]
        outcomes = {check.outcome for check in judged}
        return Outcome.PASSED in outcomes and not outcomes & {Outcome.FAILED, Outcome.UNCHECKED}

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that failed or stayed open, in order."""
        open_or_failed = {Outcome.FAILED, Outcome.UNCHECKED}
        return tuple(check for check in self.checks if check.outcome in open_or_failed)

    def with_checks(self, *checks: Check) -> "VerificationReport":
        """Return this report with further checks after its own, for instance of issuer trust."""
        return VerificationReport(self.checks + checks)
