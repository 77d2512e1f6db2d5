"""What this instance's own register says of a credential: issuer, award, accreditation, remarks.

A proof shows who signed. Whether that counts as an award is decided here: the issuer must be an
organisation that a registered authority vouches for, the award must stand in the award register,
and an accreditation must have covered it on the day of the award.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from skillpassport.credentials.admitting import claimed_on, needs_no_accreditation
from skillpassport.credentials.model import Achievement, AwardRecord, State
from skillpassport.credentials.sd_jwt_vc import not_shown
from skillpassport.organisations.accreditation import Accreditation, Judgement, Standing, judge
from skillpassport.organisations.model import Organisation, covers_framework
from skillpassport.vc.report import Check, Outcome
from skillpassport.vc.sdjwt.revealing import Revealed

EXPIRES_SOON = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class RegisteredAward:
    """A credential as the award register has it, with all that it is judged by.

    Without slots, which would leave no place for the judgement.
    """

    credential: AwardRecord
    issuer: Organisation
    achievement: Achievement
    accreditations: tuple[Accreditation, ...]
    authorities: tuple[Organisation, ...]

    @cached_property
    def judgement(self) -> Judgement | None:
        """How the award stands under its issuer's accreditations; None where none is needed."""
        if needs_no_accreditation(self.issuer, self.achievement):
            return None
        return judge(
            self.accreditations,
            claimed_on(self.achievement, self.credential.awarded_on),
            recorded_at=self.credential.issued_at,
            credential=self.credential.id,
        )

    def authority_of(self, accreditation: Accreditation) -> Organisation | None:
        """Return the authority that granted an accreditation."""
        return next((each for each in self.authorities if each.id == accreditation.authority), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRecord:
    """A comparability statement that this service made, as far as verifying one needs it.

    document: exactly as it was signed
    replaced_by: id of the version that followed, with the instant; None while this is the newest
    """

    id: str
    version: int
    document: str
    issued_at: datetime
    replaced_by: str | None = None
    replaced_at: datetime | None = None


def issuer_unknown() -> Check:
    """Return the check that says: no registered authority vouches for the issuer."""
    return Check(
        name="issuer-trust",
        outcome=Outcome.UNCHECKED,
        code="issuer-unknown",
        message="No authority registered here vouches for the issuer.",
        remedy="Ask the issuer which authority accredits it, and that authority to confirm it.",
    )


def name_resembles(organisation: Organisation) -> Check:
    """Return the remark that a stranger calls itself like a registered organisation."""
    return Check(
        name="remark",
        outcome=Outcome.WARNED,
        code="issuer-name-resembles",
        message=(
            f"The issuer calls itself like '{organisation.slug}', which is registered here, but "
            "it is somebody else."
        ),
        remedy="Do not go by the name; ask the registered organisation whether it is theirs.",
        required=False,
    )


def unregistered_checks(issuer: Organisation) -> tuple[Check, ...]:
    """Return the checks of what a known organisation signed and never recorded."""
    not_registered = Check(
        name="award-register",
        outcome=Outcome.UNCHECKED,
        code="not-in-award-register",
        message=f"'{issuer.slug}' signed this, but it is not in its register of awards.",
        remedy="Ask the issuer for the credential as it was awarded, or for its code.",
    )
    return not_registered, _sandbox(issuer)


def accreditation_checks(issuer: Organisation) -> tuple[Check, ...]:
    """Return the checks of an accreditation that an authority of this register granted."""
    granted = Check(
        name="award-register",
        outcome=Outcome.PASSED,
        code="accreditation-of-authority",
        message=f"An accreditation granted by '{issuer.slug}', an authority of this register.",
    )
    return granted, _sandbox(issuer)


def statement_checks(statement: StatementRecord) -> tuple[Check, ...]:
    """Return the checks of a comparability statement that this service made."""
    stated = Check(
        name="award-register",
        outcome=Outcome.PASSED,
        code="comparability-statement",
        message=(
            f"A comparability statement of this registry, made on {_day(statement.issued_at)}; "
            "it compares and does not recognise."
        ),
    )
    if statement.replaced_at is None:
        return (stated,)
    replaced = Check(
        name="award-status",
        outcome=Outcome.FAILED,
        code="statement-replaced",
        message=(
            f"It held from {_day(statement.issued_at)} to {_day(statement.replaced_at)} and was "
            f"then replaced by version {statement.version + 1}: the registry answers differently."
        ),
        remedy="Read the statement that replaced it.",
    )
    return stated, replaced


def award_checks(award: RegisteredAward, now: datetime) -> tuple[Check, ...]:
    """Return every check that only the register can make, in order."""
    return (
        _in_register(award),
        _standing(award),
        _sandbox(award.issuer),
        _register_state(award),
        *_remarks(award, now),
    )


def withholding_checks(revealed: Revealed | None) -> tuple[Check, ...]:
    """Return a remark where the holder shows less than what was signed.

    revealed: of an SD-JWT, None for other forms, which are shown whole or not at all
    """
    if revealed is None or not not_shown(revealed):
        return ()
    remark = _remark("partly-shown", "The holder does not show all that the issuer signed.")
    return (replace(remark, remedy="Ask the holder to show what you need to know."),)


def _in_register(award: RegisteredAward) -> Check:
    return Check(
        name="award-register",
        outcome=Outcome.PASSED,
        code="in-award-register",
        message=f"'{award.issuer.slug}' recorded this award on {_day(award.credential.issued_at)}.",
    )


def _standing(award: RegisteredAward) -> Check:
    judgement = award.judgement
    if award.issuer.sandbox:
        return _accreditation(
            Outcome.NOT_APPLICABLE, "sandbox", "Rehearsals need no accreditation."
        )
    if judgement is None:
        return _accreditation(
            Outcome.PASSED,
            "issuer-is-authority",
            f"'{award.issuer.slug}' is an authority and decides this within its own remit.",
        )
    if judgement.standing is Standing.COVERED:
        return _accreditation(
            Outcome.PASSED,
            "issuer-accredited",
            f"The issuer was accredited for this on {award.credential.awarded_on}.",
        )
    code, sentence = _NOT_COVERED[judgement.standing]
    return _accreditation(Outcome.FAILED, code, sentence.format(day=award.credential.awarded_on))


_NOT_COVERED = {
    Standing.OUT_OF_SCOPE: (
        "issuer-out-of-scope",
        "The issuer was not accredited to award this.",
    ),
    Standing.OUT_OF_PERIOD: (
        "issuer-out-of-period",
        "The issuer's accreditation for this did not cover {day}.",
    ),
    Standing.WITHDRAWN: (
        "issuer-accreditation-withdrawn",
        "The issuer's accreditation for this had been withdrawn by {day}, the day of the award.",
    ),
    Standing.RECORDED_AFTER_WITHDRAWAL: (
        "recorded-after-withdrawal",
        "The award was recorded after the issuer's accreditation for it had been withdrawn.",
    ),
}


def _accreditation(outcome: Outcome, code: str, message: str) -> Check:
    remedy = (
        "Ask the accrediting authority about this award." if outcome is Outcome.FAILED else None
    )
    return Check(
        name="issuer-accreditation", outcome=outcome, code=code, message=message, remedy=remedy
    )


def _sandbox(issuer: Organisation) -> Check:
    if not issuer.sandbox:
        return Check(
            name="sandbox",
            outcome=Outcome.PASSED,
            code="not-a-rehearsal",
            message="The issuer is not a rehearsal organisation.",
        )
    return Check(
        name="sandbox",
        outcome=Outcome.FAILED,
        code="sandbox-credential",
        message="This was issued as a rehearsal and is not a credential.",
        remedy="Ask for the real credential.",
    )


def _register_state(award: RegisteredAward) -> Check:
    state = award.credential.state
    if state is State.GOOD:
        return Check(
            name="award-status",
            outcome=Outcome.PASSED,
            code="in-force",
            message="The issuer has not suspended, revoked or replaced it.",
        )
    event = award.credential.events[-1]
    sentence, remedy = _STATES[state]
    return Check(
        name="award-status",
        outcome=Outcome.FAILED,
        code=f"credential-{state.value}",
        message=sentence.format(day=_day(event.recorded_at), why=event.reason_code.value),
        remedy=remedy,
    )


_STATES = {
    State.SUSPENDED: (
        "The issuer suspended it on {day} ({why}); it may be reinstated.",
        "Ask the issuer, and verify again later.",
    ),
    State.REVOKED: (
        "The issuer revoked it on {day} ({why}).",
        "Ask the holder or the issuer; a revoked credential does not come back.",
    ),
    State.SUPERSEDED: (
        "The issuer replaced it by a corrected one on {day} ({why}).",
        "Verify the credential that replaced it.",
    ),
}


def _remarks(award: RegisteredAward, now: datetime) -> list[Check]:
    checks = []
    ends = award.credential.valid_until
    today = now.astimezone(UTC).date()
    if ends is not None and today <= ends <= today + EXPIRES_SOON:
        checks.append(_remark("expires-soon", f"It is valid until {ends}."))
    if award.issuer.demonstration or any(each.demonstration for each in award.authorities):
        checks.append(
            _remark(
                "demonstration-data", "Issuer, person and award are made up to show the product."
            )
        )
    judgement = award.judgement
    if judgement is None or judgement.standing is not Standing.COVERED:
        return checks
    if judgement.recorded_late:
        checks.append(
            _remark(
                "recorded-late",
                "The award was recorded after the accreditation for it had run out.",
            )
        )
    if judgement.late_award is not None:
        checks.append(
            _remark(
                "late-award-approved", "The authority approved the late recording of this award."
            )
        )
    if _claims_level(award, judgement.accreditation):
        checks.append(
            _remark(
                "level-claimed-by-provider",
                "The framework lies outside the accrediting authority's remit: the level is the "
                "provider's own claim.",
            )
        )
    return checks


def _claims_level(award: RegisteredAward, accreditation: Accreditation | None) -> bool:
    framework = award.achievement.framework
    if framework is None or accreditation is None:
        return False
    authority = award.authority_of(accreditation)
    return authority is None or not covers_framework(authority, framework)


def _remark(code: str, message: str) -> Check:
    return Check(name="remark", outcome=Outcome.WARNED, code=code, message=message, required=False)


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()
