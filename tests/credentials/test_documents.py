"""Each document that is signed for an award, read by those who know only the published words."""

import json
from datetime import date
from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from skillpassport.credentials.documents import Issuance
from skillpassport.credentials.formats import DOCUMENT_FORMATS
from skillpassport.credentials.model import (
    AchievementKind,
    Award,
    Evidence,
    Format,
    IdentityCheck,
    Subject,
)
from skillpassport.credentials.status_publication import ListContent, publish
from skillpassport.organisations.accreditation import AccreditationId, AccreditationScope, Grant
from skillpassport.organisations.accreditation_document import sign_accreditation
from skillpassport.organisations.model import Organisation, OrganisationKind
from skillpassport.organisations.signing_keys import ActiveSigner, SigningKey, SigningKeyId
from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.checks.contexts import check_vouched_for
from skillpassport.vc.data_integrity import (
    ProofOptions,
    add_proof,
    split_proofs,
    verify_proof,
)
from skillpassport.vc.json_ld_refusals import TermUndefined
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.strict_json import JsonObject, JsonValue, parse_object
from skillpassport.vc.suites import EDDSA_JCS_2022, EDDSA_RDFC_2022
from tests.support.awards import (
    PERSON,
    Member,
    a_full_achievement,
    a_full_award,
    an_achievement,
    an_award,
    an_organisation,
)
from tests.support.credentials import ISSUED, ISSUER, NOW
from tests.support.json_ld import assert_expands, nodes_of
from tests.support.shared_data import shared_data

LISTS = {
    purpose: f"https://passport.example/status/{purpose}"
    for purpose in ("revocation", "suspension")
}
HOST = "passport.example"

AWARDS = {
    "plain": an_award(),
    "full": a_full_award(),
    "in-polish": a_full_award(language="pl"),
    "in-portuguese": a_full_award(language="pt-BR"),
    "without-outcomes": a_full_award(achievement=a_full_achievement(outcomes=())),
    "without-level": a_full_award(achievement=a_full_achievement(level=None)),
} | {
    f"kind-{kind}": an_award(achievement=an_achievement(kind=kind)) for kind in AchievementKind
} | {
    f"identity-{check}": an_award(identity_check=check) for check in IdentityCheck
}  # fmt: skip
FORMS = [Format.VCDM, Format.OPEN_BADGE]


def build(award: Award, form: Format, **changes: Member) -> JsonObject:
    builder = DOCUMENT_FORMATS[form.value]
    fields: dict[str, Any] = {
        "document_id": "urn:uuid:6b1d9a4e-3c5f-4c0e-9d5e-0d7f6a1b2c3d",
        "issuer": an_organisation(),
        "statuses": [
            StatusEntry(purpose=purpose, list_url=LISTS[purpose], index=7)
            for purpose in builder.purposes
        ],
        "level_uri": None,
        "accreditation_uri": "urn:skillpassport:accreditation:acc_0001",
        "supersedes": "urn:uuid:11111111-3c5f-4c0e-9d5e-0d7f6a1b2c3d",
    }
    return builder.build(award, Issuance(**(fields | changes)))


def signed(document: JsonObject, form: Format) -> JsonObject:
    options = ProofOptions(
        verification_method="did:web:passport.example:orgs:college#key", created=ISSUED
    )
    secured = add_proof(document, suite=EDDSA_JCS_2022, signer=ISSUER, options=options)
    return secured | {"proof": [secured["proof"]]} if form is Format.OPEN_BADGE else secured


FORMED = [
    pytest.param(award, form, id=f"{form}-{name}")
    for form in (Format.VCDM, Format.OPEN_BADGE)
    for name, award in AWARDS.items()
]


@pytest.mark.parametrize(("award", "form"), FORMED)
def test_every_member_of_every_document_has_a_meaning(award: Award, form: Format) -> None:
    assert_expands(signed(build(award, form), form))


@pytest.mark.parametrize(("award", "form"), FORMED)
def test_every_document_can_be_secured_by_its_statements(award: Award, form: Format) -> None:
    document = build(award, form)
    options = ProofOptions(
        verification_method="did:web:passport.example:orgs:college#key", created=ISSUED
    )
    secured = add_proof(document, suite=EDDSA_RDFC_2022, signer=ISSUER, options=options)
    _, (proof,) = split_proofs(secured)
    key = ISSUER.public_key
    assert verify_proof(secured, proof, suite=EDDSA_RDFC_2022, key=key) == document
    assert check_vouched_for(document) is None


@pytest.mark.parametrize("sandbox", [True, False])
def test_a_rehearsal_says_so_in_its_name_and_in_a_term(sandbox: bool) -> None:
    issuer = an_organisation(sandbox=sandbox)
    document = build(an_award(), Format.VCDM, issuer=issuer)
    assert document["name"] == ("TEST Welding engineer" if sandbox else "Welding engineer")
    assert document.get("sandbox") is (True if sandbox else None)
    assert_expands(document)
    strict = build(an_award(), Format.OPEN_BADGE, issuer=issuer)
    assert strict["name"] == document["name"]


def test_the_check_finds_a_member_without_meaning() -> None:
    document = build(an_award(), Format.VCDM)
    hostile: list[JsonObject] = [{"madeUp": 1}, {"type": ["VerifiableCredential", "MadeUp"]}]
    for planted in hostile:
        with pytest.raises(TermUndefined):
            assert_expands(document | planted)


SCOPES = [
    AccreditationScope(achievements=("welding", "ach_1")),
    AccreditationScope(framework="PL:PRK", levels=("VI", "4+", "Entry 3")),
    AccreditationScope(isced_f=("07", "0715")),
]


@pytest.mark.parametrize("scope", SCOPES)
def test_every_member_of_an_accreditation_has_a_meaning(scope: AccreditationScope) -> None:
    grant = Grant(
        organisation=an_organisation(),
        scope=scope,
        valid_from=date(2025, 1, 1),
        valid_until=date(2025, 12, 31),
        last_enrolment=date(2025, 6, 30),
        last_achievement=date(2027, 6, 30),
    )
    authority = an_authority()
    status = StatusEntry(purpose="revocation", list_url=LISTS["revocation"], index=1)
    text = sign_accreditation(
        AccreditationId("acc_0001"), authority, grant, status, active_of(authority), NOW
    )
    document = parse_object(text)
    assert_expands(document)
    assert document["validUntil"] == "2027-06-30T23:59:59Z"
    assert_names_no_server(document)


def test_every_member_of_a_status_list_has_a_meaning() -> None:
    authority = an_authority()
    content = ListContent(
        form=StatusForm.BITSTRING,
        url=LISTS["revocation"],
        did=authority.did,
        purpose="revocation",
        length=131_072,
        changed_at=ISSUED,
        changes=[(5, ISSUED)],
    )
    document = parse_object(publish(content, active_of(authority), NOW).document)
    assert_expands(document)


def an_authority() -> Organisation:
    did = "did:web:passport.example:orgs:authority"
    return an_organisation(slug="authority", kind=OrganisationKind.AUTHORITY, did=did)


def active_of(organisation: Organisation) -> ActiveSigner:
    key = SigningKey(
        id=SigningKeyId("key_1"),
        owner=organisation.id,
        did=organisation.did,
        fragment="key-1",
        multikey=ISSUER.public_key.multikey,
        created_at=ISSUED,
        signs_until=NOW.replace(year=2030),
    )
    return ActiveSigner(key=key, signer=ISSUER)


@cache
def open_badges_schema() -> jsonschema_rs.Validator:
    path = shared_data() / "schemas" / "ob_v3p0_achievementcredential_schema.json"
    return jsonschema_rs.validator_for(
        json.loads(path.read_text("utf-8")), validate_formats=True, offline=True
    )


@pytest.mark.data
@pytest.mark.parametrize("award", AWARDS.values(), ids=AWARDS)
def test_the_strict_form_validates_as_it_is(award: Award) -> None:
    document = signed(build(award, Format.OPEN_BADGE), Format.OPEN_BADGE)
    assert faults(document) == []


@pytest.mark.data
@pytest.mark.parametrize("award", AWARDS.values(), ids=AWARDS)
def test_the_default_form_validates_after_exactly_two_changes(award: Award) -> None:
    document = signed(build(award, Format.VCDM), Format.VCDM)
    statuses = document["credentialStatus"]
    assert isinstance(statuses, list)
    one_status = {"credentialStatus": statuses[0]}
    proof_array: JsonObject = {"proof": [document["proof"]]}
    assert faults(document | one_status | proof_array) == []
    assert faults(document | one_status) != []
    assert faults(document | proof_array) != []


def faults(document: JsonObject) -> list[str]:
    return [
        f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}"
        for error in open_badges_schema().iter_errors(document)
    ]


@pytest.mark.parametrize(("award", "form"), FORMED)
def test_no_identifier_is_made_from_the_servers_address(award: Award, form: Format) -> None:
    assert_names_no_server(build(award, form))


def assert_names_no_server(document: JsonObject) -> None:
    """Look for the server's host, which DIDs and addresses of status lists alone may hold."""
    for text in texts_of(document):
        if HOST in text:
            assert text.startswith(
                ("did:web:passport.example:orgs:", "https://passport.example/status/")
            )


def texts_of(value: JsonValue) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts_of(inner)]
    return [text for inner in value for text in texts_of(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize(("award", "form"), FORMED)
def test_names_are_strings_in_the_language_of_the_award(award: Award, form: Format) -> None:
    document = build(award, form)
    for node in nodes_of({**document, "@context": []}):
        for member in ("name", "description", "narrative", "statement", "targetName"):
            assert isinstance(node.get(member, ""), str), member
    achievement = achievement_of(document)
    assert achievement["inLanguage"] == award.language
    assert achievement["name"] == award.achievement.title.get(award.language)


def achievement_of(document: JsonObject) -> JsonObject:
    subject = document["credentialSubject"]
    assert isinstance(subject, dict)
    achievement = subject["achievement"]
    assert isinstance(achievement, dict)
    return achievement


def test_a_language_that_the_title_does_not_have_is_never_claimed() -> None:
    achievement = achievement_of(build(a_full_award(language="fr"), Format.VCDM))
    assert (achievement["inLanguage"], achievement["name"]) == ("en", "Welding engineer")
    near = achievement_of(build(an_award(language="en-GB"), Format.VCDM))
    assert near["inLanguage"] == "en"


def test_further_languages_travel_in_terms_of_their_own() -> None:
    achievement = achievement_of(build(a_full_award(language="pl"), Format.VCDM))
    assert achievement["name"] == "Inżynier spawalnik"
    assert achievement["nameTranslations"] == {"en": "Welding engineer", "pt-BR": "Soldador"}
    outcomes = achievement["learningOutcome"]
    assert isinstance(outcomes, list)
    assert outcomes[0] == {
        "code": "W 1/ą",
        "statement": "Spawa blachy stalowe.",
        "essential": True,
        "statementTranslations": {"en": "Welds steel plates."},
    }


def test_the_publishers_level_is_named_where_there_is_one_and_a_urn_where_there_is_none() -> None:
    own = achievement_of(build(a_full_award(), Format.VCDM))
    published = achievement_of(
        build(a_full_award(), Format.VCDM, level_uri="http://data.europa.eu/snb/eqf/6")
    )
    urn = "urn:skillpassport:framework:PL:PRK:edition:2016:level:VI"
    for achievement, uri in ((own, urn), (published, "http://data.europa.eu/snb/eqf/6")):
        level, alignments = achievement["qualificationLevel"], achievement["alignment"]
        assert isinstance(level, dict)
        assert isinstance(alignments, list)
        assert isinstance(alignments[0], dict)
        assert level["id"] == alignments[0]["targetUrl"] == uri
        assert level["notation"] == alignments[0]["targetCode"] == "VI"


def test_days_become_their_first_and_last_second() -> None:
    document = build(a_full_award(), Format.VCDM)
    assert document["validFrom"] == document["awardedDate"] == "2025-06-27T00:00:00Z"
    assert document["validUntil"] == "2030-06-30T23:59:59Z"


def test_the_default_form_has_two_status_entries_and_the_strict_one_has_one() -> None:
    default = build(an_award(), Format.VCDM)["credentialStatus"]
    strict = build(an_award(), Format.OPEN_BADGE)["credentialStatus"]
    assert isinstance(default, list)
    assert [entry["statusPurpose"] for entry in default if isinstance(entry, dict)] == [
        "revocation",
        "suspension",
    ]
    assert isinstance(strict, dict)
    assert strict["statusPurpose"] == "revocation"


def test_the_strict_form_says_no_more_than_published_terms_can() -> None:
    document = build(a_full_award(), Format.OPEN_BADGE)
    assert all(isinstance(context, str) for context in document["@context"])  # type: ignore[union-attr]
    assert "birthDate" not in json.dumps(document)


def test_the_person_is_in_the_subject_and_nowhere_else() -> None:
    for form in FORMS:
        document = build(a_full_award(), form)
        del document["credentialSubject"]
        assert PERSON not in json.dumps(document, ensure_ascii=False)


def test_texts_of_people_reach_the_document_as_they_are() -> None:
    """Escaping is the reader's business; a changed name would be another name."""
    strange = 'O’Brien <b>&" \\ \u202e 王小明'
    award = an_award(
        subject=Subject(name=strange), evidence=(Evidence(name=strange, narrative=strange),)
    )
    for form in FORMS:
        document = build(award, form)
        assert texts_of(document).count(strange) == 3
        assert_expands(document)
