"""The JSON-LD documents that are signed for an award: our default form and the strict Open Badge.

Both are Open Badges 3.0 achievement credentials. The default form adds our own terms (see
`skillpassport.vc.vocabulary`) and two status entries; it validates against the Open Badges schema
after two changes, the revocation entry in place of the status array and `proof` in an array. The
strict form validates as it is, and so says less.

Source: Open Badges 3.0, sections B.1 (AchievementCredential) and following
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from skillpassport.clock import first_instant, last_instant
from skillpassport.credentials.model import Achievement, Award, Evidence, LearningOutcome
from skillpassport.languages import LanguageMap, in_language, language_of
from skillpassport.organisations.model import Organisation
from skillpassport.schemas import OPEN_BADGE, SKILLS_CREDENTIAL
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.vocabulary import (
    CREDENTIALS_V2,
    OPEN_BADGES_3,
    TERMS,
    achievement_uri,
    edition_uri,
    framework_uri,
    isced_f_uri,
    isco_uri,
    level_uri,
)

_ACHIEVEMENT_TYPES = {
    "qualification": "Certificate",
    "unit": "Competency",
    "micro_credential": "MicroCredential",
    "training": "Course",
    "recognition_decision": "ext:RecognitionDecision",
    "licence": "License",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuance:
    """All that a document says beside the award itself.

    document_id: absolute URI of the credential
    level_uri: the publisher's URI of the level, where it has one
    accreditation_uri: id of the accreditation's own document
    supersedes: id of the document that this one replaces
    """

    document_id: str
    issuer: Organisation
    statuses: Sequence[StatusEntry]
    level_uri: str | None = None
    accreditation_uri: str | None = None
    supersedes: str | None = None


class DocumentFormat(Protocol):
    """Builds the unsigned document of an award.

    purposes: of the status entries that the document carries
    status_form: by which standard they are published
    schema: `kind/version` of the schema that the document follows
    """

    purposes: tuple[str, ...]
    status_form: StatusForm
    schema: str

    def build(self, award: Award, issuance: Issuance) -> JsonObject:
        """Return the unsigned document."""
        ...


class DefaultDocument:
    """Open Badges shaped, with our own terms and a status entry for each purpose."""

    purposes: tuple[str, ...] = ("revocation", "suspension")
    status_form = StatusForm.BITSTRING
    schema: str = SKILLS_CREDENTIAL

    def build(self, award: Award, issuance: Issuance) -> JsonObject:
        """Return the unsigned document."""
        document = _credential(award, issuance, [CREDENTIALS_V2, OPEN_BADGES_3, TERMS])
        document["credentialStatus"] = [status.as_json() for status in issuance.statuses]
        document["identityCheck"] = award.identity_check.value
        if issuance.accreditation_uri is not None:
            document["accreditation"] = issuance.accreditation_uri
        if issuance.supersedes is not None:
            document["supersedes"] = issuance.supersedes
        if issuance.issuer.sandbox:
            document["sandbox"] = True
        subject = _subject(award)
        if award.subject.birth_date is not None:
            subject["birthDate"] = award.subject.birth_date.isoformat()
        subject["achievement"] = achievement_of(award, issuance) | own_terms_of(award, issuance)
        document["credentialSubject"] = subject
        return document


class StrictOpenBadge:
    """An Open Badge that validates as it is: published terms only, one status entry."""

    purposes: tuple[str, ...] = ("revocation",)
    status_form = StatusForm.BITSTRING
    schema: str = OPEN_BADGE

    def build(self, award: Award, issuance: Issuance) -> JsonObject:
        """Return the unsigned document."""
        document = _credential(award, issuance, [CREDENTIALS_V2, OPEN_BADGES_3])
        (status,) = issuance.statuses
        document["credentialStatus"] = status.as_json()
        subject = _subject(award)
        subject["achievement"] = achievement_of(award, issuance)
        document["credentialSubject"] = subject
        return document


def _credential(award: Award, issuance: Issuance, contexts: list[JsonValue]) -> JsonObject:
    title = in_language(award.achievement.title, award.language)
    awarded = first_instant(award.awarded_on)
    document: JsonObject = {
        "@context": contexts,
        "id": issuance.document_id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"TEST {title}" if issuance.issuer.sandbox else title,
        "issuer": {
            "id": issuance.issuer.did,
            "type": ["Profile"],
            "name": in_language(issuance.issuer.name, award.language),
        },
        "validFrom": awarded,
        "awardedDate": awarded,
    }
    if award.valid_until is not None:
        document["validUntil"] = last_instant(award.valid_until)
    if award.evidence:
        document["evidence"] = [evidence_of(item) for item in award.evidence]
    return document


def evidence_of(evidence: Evidence) -> JsonObject:
    """Return what an award rests on."""
    document: JsonObject = {"type": ["Evidence"], "name": evidence.name}
    if evidence.narrative is not None:
        document["narrative"] = evidence.narrative
    if evidence.url is not None:
        document["id"] = evidence.url
    return document


def _subject(award: Award) -> JsonObject:
    subject: JsonObject = {"type": ["AchievementSubject"]}
    if award.subject.id is not None:
        subject["id"] = award.subject.id
    names = [("name", award.subject.name)]
    if award.subject.name_in_mrz is not None:
        names.append(("ext:nameInMachineReadableZone", award.subject.name_in_mrz))
    subject["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": kind}
        for kind, name in names
    ]
    if award.results:
        subject["result"] = [
            {
                "type": ["Result"],
                "resultDescription": _result_uri(award.achievement, name),
                "value": value,
            }
            for name, value in award.results.items()
        ]
    return subject


def achievement_of(award: Award, issuance: Issuance) -> JsonObject:
    """Return what was awarded, in published terms alone."""
    achievement = award.achievement
    title = in_language(achievement.title, award.language)
    document: JsonObject = {
        "id": achievement_uri(achievement.id),
        "type": ["Achievement"],
        "achievementType": _ACHIEVEMENT_TYPES[achievement.kind.value],
        "name": title,
        "description": title,
        "inLanguage": language_of(achievement.title, award.language),
        "criteria": {"narrative": _criteria(achievement, award.language)},
    }
    if achievement.isced_f is not None:
        document["fieldOfStudy"] = f"ISCED-F 2013 {achievement.isced_f}"
    if alignments := _alignments(achievement, award.language, issuance.level_uri):
        document["alignment"] = [*alignments]
    if award.results:
        document["resultDescription"] = [
            {
                "id": _result_uri(achievement, name),
                "type": ["ResultDescription"],
                "name": name,
                "resultType": "Result",
            }
            for name in award.results
        ]
    return document


def _criteria(achievement: Achievement, language: str) -> str:
    if not achievement.outcomes:
        return in_language(achievement.title, language)
    return "\n".join(f"- {in_language(each.statement, language)}" for each in achievement.outcomes)


def _alignments(
    achievement: Achievement, language: str, publisher_uri: str | None
) -> list[JsonObject]:
    alignments = []
    if achievement.framework and achievement.edition and achievement.level:
        alignments.append(
            _alignment(
                f"{achievement.framework} level {achievement.level}",
                publisher_uri
                or level_uri(achievement.framework, achievement.edition, achievement.level),
                framework=f"{achievement.framework}@{achievement.edition}",
                code=achievement.level,
            )
        )
    alignments += [
        _alignment(f"ISCO-08 {code}", isco_uri(code), framework="ISCO-08", code=code)
        for code in achievement.isco
    ]
    alignments += [
        _alignment(f"ESCO {uri.rsplit('/', 1)[-1]}", uri, framework="ESCO")
        for uri in achievement.esco
    ]
    alignments += [
        _alignment(
            in_language(outcome.statement, language),
            f"{achievement_uri(achievement.id)}:outcome:{_path(outcome.code)}",
            code=outcome.code,
        )
        for outcome in achievement.outcomes
    ]
    return alignments


def _alignment(
    name: str, url: str, *, framework: str | None = None, code: str | None = None
) -> JsonObject:
    alignment: JsonObject = {"type": ["Alignment"], "targetName": name, "targetUrl": url}
    if framework is not None:
        alignment["targetFramework"] = framework
    if code is not None:
        alignment["targetCode"] = code
    return alignment


def own_terms_of(award: Award, issuance: Issuance) -> JsonObject:
    """Return what our own terms add to the achievement."""
    achievement = award.achievement
    terms: JsonObject = {"achievementKind": achievement.kind.value}
    if achievement.framework and achievement.edition and achievement.level:
        terms["qualificationLevel"] = {
            "id": issuance.level_uri
            or level_uri(achievement.framework, achievement.edition, achievement.level),
            "framework": framework_uri(achievement.framework),
            "edition": edition_uri(achievement.framework, achievement.edition),
            "notation": achievement.level,
        }
    if achievement.isced_f is not None:
        terms["fieldOfEducation"] = isced_f_uri(achievement.isced_f)
    if achievement.isco:
        terms["occupation"] = [isco_uri(code) for code in achievement.isco]
    if achievement.esco:
        terms["skill"] = [*achievement.esco]
    if achievement.hours is not None:
        terms["notionalHours"] = achievement.hours
    if achievement.outcomes:
        terms["learningOutcome"] = [_outcome(each, award.language) for each in achievement.outcomes]
    if translations := _translations(achievement.title, award.language):
        terms["nameTranslations"] = translations
    return terms


def _outcome(outcome: LearningOutcome, language: str) -> JsonObject:
    document: JsonObject = {
        "code": outcome.code,
        "statement": in_language(outcome.statement, language),
        "essential": outcome.essential,
    }
    if translations := _translations(outcome.statement, language):
        document["statementTranslations"] = translations
    return document


def _translations(names: LanguageMap, language: str) -> JsonObject:
    shown = in_language(names, language)
    return {tag: text for tag, text in sorted(names.items()) if text != shown}


def _result_uri(achievement: Achievement, name: str) -> str:
    return f"{achievement_uri(achievement.id)}:result:{_path(name)}"


def _path(text: str) -> str:
    return quote(text, safe="")
