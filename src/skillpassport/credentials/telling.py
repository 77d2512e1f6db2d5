"""A verification's findings as one JSON report: the same for the API, the page and the command.

Unless the verdict is `valid`, nothing about the person is told.
"""

from skillpassport.clock import rfc3339
from skillpassport.credentials.model import Achievement
from skillpassport.credentials.sd_jwt_vc import not_shown
from skillpassport.credentials.trust import RegisteredAward, StatementRecord
from skillpassport.credentials.verifying import Findings
from skillpassport.organisations.accreditation import Accreditation
from skillpassport.organisations.model import Organisation
from skillpassport.vc.report import Check, Outcome, Verdict
from skillpassport.vc.sdjwt.credential import VCT
from skillpassport.vc.sdjwt.revealing import Revealed
from skillpassport.vc.strict_json import JsonObject, JsonValue

_GRAVITY = {Outcome.FAILED: 0, Outcome.UNCHECKED: 1, Outcome.WARNED: 2}

COMPARE_WITH = (
    "This does not show that the bearer is the person named: compare the name and the date of "
    "birth with an identity document."
)


def report_of(findings: Findings, *, public_url: str) -> JsonObject:
    """Return the report: verdict, remarks, checks, issuer, achievement, subject, meaning."""
    report: JsonObject = {
        "verdict": findings.verdict.value,
        "remarks": [*_remarks(findings)],
        "checks": [check_told(check) for check in findings.report.checks],
        "issuer": _issuer(findings),
        "achievement": _achievement(findings),
        "subject": _subject(findings),
        "meaning": findings.meaning,
    }
    if findings.verification.seems_to_be is not None:
        report["seems_to_be"] = findings.verification.seems_to_be
    if findings.award is not None:
        report["award"] = _award(findings.award)
    if findings.statement is not None:
        report["statement"] = _statement(findings.statement, public_url)
    if findings.replaced_by is not None:
        report["replaced_by"] = f"{public_url}/v/{findings.replaced_by}"
    return report


def _statement(statement: StatementRecord, public_url: str) -> JsonObject:
    """Return when a statement held, and where the one is that replaced it."""
    base = f"{public_url}/api/v1/comparability-statements"
    return {
        "id": statement.id,
        "version": statement.version,
        "held_from": rfc3339(statement.issued_at),
        "held_until": rfc3339(statement.replaced_at) if statement.replaced_at else None,
        "replaced_by": f"{base}/{statement.replaced_by}" if statement.replaced_by else None,
    }


def _remarks(findings: Findings) -> list[JsonObject]:
    notable = [check for check in findings.report.checks if check.outcome in _GRAVITY]
    notable.sort(key=lambda check: _GRAVITY[check.outcome])
    said: dict[str, JsonObject] = {}
    for check in notable:
        said.setdefault(check.code, {"code": check.code, "message": check.message})
    return [*said.values()]


def check_told(check: Check) -> JsonObject:
    """Return one check as JSON."""
    told: JsonObject = {
        "name": str(check.name),
        "outcome": check.outcome.value,
        "code": check.code,
        "message": check.message,
        "source": check.source,
    }
    if check.remedy is not None:
        told["remedy"] = check.remedy
    return told


def _issuer(findings: Findings) -> JsonObject | None:
    """Return the issuer as the register knows it, never as a document describes itself."""
    if findings.issuer is None:
        identifier = findings.verification.issuer
        return {"id": identifier, "known": False} if identifier is not None else None
    issuer: JsonObject = {"known": True} | _organisation(findings.issuer)
    issuer["sandbox"] = findings.issuer.sandbox
    issuer["accreditation"] = _accreditation(findings.award) if findings.award else None
    return issuer


def _organisation(organisation: Organisation) -> JsonObject:
    return {
        "id": organisation.id,
        "did": organisation.did,
        "slug": organisation.slug,
        "name": dict(organisation.name),
        "kind": organisation.kind.value,
        "country": organisation.country,
    }


def _accreditation(award: RegisteredAward) -> JsonObject | None:
    judgement = award.judgement
    if judgement is None or judgement.accreditation is None:
        return None
    accreditation = judgement.accreditation
    authority = award.authority_of(accreditation)
    return accreditation_facts(accreditation) | {
        "standing": judgement.standing.name.lower(),
        "authority": _organisation(authority) if authority else None,
    }


def accreditation_facts(accreditation: Accreditation) -> JsonObject:
    """Return the public facts of an accreditation."""
    last_enrolment, last_achievement = accreditation.last_enrolment, accreditation.last_achievement
    return {
        "id": accreditation.id,
        "scope": _scope(accreditation),
        "valid_from": accreditation.valid_from.isoformat(),
        "valid_until": accreditation.valid_until.isoformat(),
        "last_enrolment": last_enrolment.isoformat() if last_enrolment else None,
        "last_achievement": last_achievement.isoformat() if last_achievement else None,
        "withdrawal": _withdrawal(accreditation),
    }


def _withdrawal(accreditation: Accreditation) -> JsonObject | None:
    withdrawal = accreditation.withdrawal
    if withdrawal is None:
        return None
    return {
        "effective_from": withdrawal.effective_from.isoformat(),
        "reason": withdrawal.reason,
        "recorded_at": rfc3339(withdrawal.recorded_at),
    }


def _scope(accreditation: Accreditation) -> JsonObject:
    scope = accreditation.scope
    if scope.achievements:
        return {"achievements": [*scope.achievements]}
    if scope.framework is not None:
        return {"framework": scope.framework, "levels": [*scope.levels]}
    return {"isced_f": [*scope.isced_f]}


def _achievement(findings: Findings) -> JsonObject | None:
    if findings.award is not None:
        return achievement_facts(findings.award.achievement)
    if not findings.genuine or findings.verification.document is None:
        return None
    return _claimed_achievement(findings.verification.document)


def achievement_facts(achievement: Achievement) -> JsonObject:
    """Return the public facts of an achievement."""
    return {
        "id": achievement.id,
        "slug": achievement.slug,
        "title": dict(achievement.title),
        "kind": achievement.kind.value,
        "framework": achievement.framework,
        "edition": achievement.edition,
        "level": achievement.level,
        "isced_f": achievement.isced_f,
        "isco": [*achievement.isco],
        "esco": [*achievement.esco],
        "outcomes": [
            {
                "code": outcome.code,
                "statement": dict(outcome.statement),
                "essential": outcome.essential,
            }
            for outcome in achievement.outcomes
        ],
        "hours": achievement.hours,
        **({"qualification": achievement.qualification} if achievement.qualification else {}),
    }


def _claimed_achievement(document: JsonObject) -> JsonObject | None:
    """Return what a genuine document of somebody else says of its achievement."""
    subject = document if VCT in document else document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    if not isinstance(achievement, dict):
        return None
    told: JsonObject = {
        name: achievement[name] for name in ("id", "name", "description") if name in achievement
    }
    return told


def _subject(findings: Findings) -> JsonValue:
    document = findings.verification.document
    if findings.verdict is not Verdict.VALID or document is None:
        return {"withheld": True}
    if VCT in document:
        return _subject_of_claims(document, findings.verification.revealed)
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict):
        return {"withheld": False}
    told: JsonObject = {"withheld": False}
    told |= {name: subject[name] for name in ("id", "birthDate") if name in subject}
    names = _names(subject)
    if names:
        told["name"] = names[0]
    if len(names) > 1:
        told["name_in_mrz"] = names[1]
    return told | {"compare_with": COMPARE_WITH}


_CLAIMS_TOLD = {
    "sub": "id",
    "birthdate": "birthDate",
    "name": "name",
    "name_mrz": "name_in_mrz",
    "results": "results",
    "evidence": "evidence",
}
"""Claims about the person, and what reports call them."""


def _subject_of_claims(claims: JsonObject, revealed: Revealed | None) -> JsonObject:
    """Return what the holder shows of the person, and what not."""
    of_person = ("sub", "birthdate", "name", "name_mrz")
    told: JsonObject = {_CLAIMS_TOLD[name]: claims[name] for name in of_person if name in claims}
    withheld = not_shown(revealed) if revealed else ()
    if withheld:
        told["not_shown"] = [_CLAIMS_TOLD[name] for name in withheld]
    return {"withheld": False, **told, "compare_with": COMPARE_WITH}


def _names(subject: JsonObject) -> list[JsonValue]:
    identifiers = subject.get("identifier")
    if not isinstance(identifiers, list):
        return [subject["name"]] if isinstance(subject.get("name"), str) else []
    kinds = ("name", "ext:nameInMachineReadableZone")
    return [
        each.get("identityHash")
        for kind in kinds
        for each in identifiers
        if isinstance(each, dict)
        and each.get("identityType") == kind
        and each.get("hashed") is False
    ]


def _award(award: RegisteredAward) -> JsonObject:
    credential = award.credential
    last = credential.events[-1] if credential.events else None
    return {
        "awarded_on": credential.awarded_on.isoformat(),
        "valid_until": credential.valid_until.isoformat() if credential.valid_until else None,
        "recorded_at": rfc3339(credential.issued_at),
        "reissued_at": rfc3339(credential.reissued_at) if credential.reissued_at else None,
        "state": credential.state.value,
        "state_since": rfc3339(last.recorded_at) if last else None,
        "reason_code": last.reason_code.value if last else None,
    }


def unknown_code_report(
    message: str, *, meaning: JsonObject, code: str = "code-unknown"
) -> JsonObject:
    """Return the report on a code behind which nothing was issued here.

    code: `code-mistyped` when its own check symbol says so
    """
    return _bare_report(
        Verdict.UNREADABLE,
        meaning,
        code=code,
        message=message,
        remedy="Ask the holder for the document itself; a code that nobody issued proves nothing.",
        outcome=Outcome.FAILED,
    )


def unreachable_report(code: str, message: str, *, meaning: JsonObject) -> JsonObject:
    """Return the report on a link behind which no document could be had."""
    return _bare_report(
        Verdict.UNDETERMINED,
        meaning,
        code=code,
        message=message,
        remedy="Ask the holder for the document itself, or try again later.",
        outcome=Outcome.UNCHECKED,
    )


def _bare_report(
    verdict: Verdict,
    meaning: JsonObject,
    *,
    code: str,
    message: str,
    remedy: str,
    outcome: Outcome,
) -> JsonObject:
    check = Check(name="form", outcome=outcome, code=code, message=message, remedy=remedy)
    return {
        "verdict": verdict.value,
        "remarks": [{"code": code, "message": message}],
        "checks": [check_told(check)],
        "issuer": None,
        "achievement": None,
        "subject": {"withheld": True},
        "meaning": meaning,
    }
