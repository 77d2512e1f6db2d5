"""The inputs of the W3C test suite for the data model 2.0, driven through the routes as it drives them.

The suite sends each credential to an issuer with the issuer's own identifier, takes a refusal of 400 or
422 for one that is to fail, and has what was signed verified. Its presentations it signs itself: each
credential in it, then the presentation, for a challenge and a domain, under `eddsa-rdfc-2022`.
Source: w3c/vc-data-model-2.0-test-suite, `tests/mock.data.js`, `tests/data-generator.js` and the files
that name the inputs
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from skillpassport.clock import rfc3339
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.vc.controllers import AUTHENTICATION
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.did import did_key, own_verification_method
from skillpassport.vc.jcs import canonicalize
from skillpassport.vc.keys import Ed25519Signer
from skillpassport.vc.strict_json import JsonObject, JsonValue, parse_object
from skillpassport.vc.suites import EDDSA_JCS_2022, EDDSA_RDFC_2022, ProofSuite
from tests.support.instances import NOON, Answer, an_instance
from tests.support.shared_data import shared_data, shared_data_folder
from tests.support.vc_api import SECURED, V2, Desk, Profile, a_desk
from tests.web.vc_api.test_every_profile import shown

pytestmark = pytest.mark.data

FOLDER = shared_data_folder() / "credentials" / "w3c-vcdm2-inputs"
INPUTS = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.json"))
CREDENTIALS = [name for name in INPUTS if not name.startswith("presentation-")]
PRESENTATIONS = [name for name in INPUTS if name.startswith("presentation-")]

SUITES_KEY = "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"
"""Under which the suite signs presentations; ours stands in its place, for we sign them here."""

WAYS = dict(reversed(SECURED)).items()
"""One key for each way of securing; `test_every_profile` has them all."""

NOT_IN_FORCE = {
    "credential-validuntil-ms-ok.json": "credential-expired",
    "credential-validuntil-tz-ok.json": "credential-expired",
    "credential-schema-ok.json": "schema-type-unknown",
    "credential-schemas-ok.json": "schema-type-unknown",
}
"""What follows the model and was signed, and does not hold today; the suite asks for the proof alone."""

LOCAL = Ed25519Signer.from_private_bytes(bytes(range(32)))
LOCAL_DID = did_key(LOCAL.public_key)
SIGNING = ProofOptions(verification_method=own_verification_method(LOCAL_DID), created=NOON)
OCCASION = {"challenge": "uV2hvc2VUdXJuSXNJdA", "domain": "github.com/w3c/a-test-suite"}


@pytest.fixture(scope="module")
def w3c_desk(
    instance_template: Path,
    seeded_registry: RegistrySnapshot,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Desk]:
    """Serve one desk for all inputs."""
    folder = tmp_path_factory.mktemp("w3c") / "var"
    shutil.copytree(instance_template, folder)
    with an_instance(folder, registry=seeded_registry) as opened:
        yield a_desk(opened)


@pytest.fixture(scope="module")
def profile_of(w3c_desk: Desk) -> Callable[[str, str], Profile]:
    """Return what makes a profile for a securing and a key, once."""

    @cache
    def made(securing: str, key_type: str) -> Profile:
        slug = f"{securing}-{key_type}".lower().replace("+", "-")
        return w3c_desk.profile(slug=slug, securing=securing, key_type=key_type)

    return made


@pytest.mark.parametrize(("securing", "key_type"), WAYS)
@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_is_issued_and_verifies_or_is_refused_as_the_suite_expects(
    profile_of: Callable[[str, str], Profile], name: str, securing: str, key_type: str
) -> None:
    profile = profile_of(securing, key_type)
    answer = profile.ask(as_the_suite_sends(read(name), profile.did))
    if "fail" in name:
        assert answer.status_code in {400, 422}, answer.text
        assert answer.json()["code"] == "credential-refused"
        return
    assert answer.status_code == 201, answer.text
    signed = answer.json()["verifiableCredential"]
    parts = [f"/{member}" for member in signed if member not in {"@context", "proof"}]
    presented = shown(profile.desk, signed, securing, *parts)
    assert is_verified(profile.desk.verify(presented, checks=["proof"]))
    whole = profile.desk.verify(presented)
    if name in NOT_IN_FORCE:
        assert {each["title"] for each in whole.json()["report"]["problemDetails"]} == {
            NOT_IN_FORCE[name]
        }
        assert is_refused(whole)
    else:
        assert is_verified(whole)


def read(name: str) -> JsonObject:
    return parse_object((shared_data() / "credentials" / "w3c-vcdm2-inputs" / name).read_bytes())


def as_the_suite_sends(credential: JsonObject, did: str) -> JsonObject:
    """Return a credential with the issuer's identifier, unless its issuer is what is to fail."""
    issuer = credential.get("issuer", did)
    if isinstance(issuer, dict) and "id" not in issuer:
        issuer = {**issuer, "id": did}
    return {**credential, "issuer": issuer} | dict(_dates(credential))


def _dates(credential: JsonObject) -> Iterator[tuple[str, str]]:
    """Yield what stands for the suite's placeholders of dates."""
    meant = {"FUTURE DATE": timedelta(days=365), "PAST DATE": timedelta(days=-365)}
    for member in ("validFrom", "validUntil"):
        found = credential.get(member)
        if isinstance(found, str) and found in meant:
            yield member, rfc3339(NOON + meant[found])


def is_verified(answer: Answer) -> bool:
    assert answer.headers["content-type"] == "application/json", answer.text
    told = answer.json()
    assert (answer.status_code == 200) is told["verified"]
    assert told["verified"], told["report"]["problemDetails"]
    return True


ENVELOPED = "presentation-enveloped-vc-ok.json"
"""Its token is of a draft: under a retired media type, with a `vc` claim; the suite does not use it."""

SIGNED_BY_THE_SUITE = [name for name in PRESENTATIONS if "ok" in name and name != ENVELOPED]
TO_FAIL = [name for name in PRESENTATIONS if "fail" in name]


@pytest.mark.parametrize("name", SIGNED_BY_THE_SUITE)
def test_a_presentation_that_the_suite_signs_verifies(w3c_desk: Desk, name: str) -> None:
    presentation = read_presentation(name)
    answer = w3c_desk.verify_presentation(as_the_suite_signs(presentation), **OCCASION)
    assert is_verified(answer)
    assert len(answer.json()["report"]["credentials"]) == len(credentials_in(presentation))
    for other in ({"challenge": "other"}, {"domain": "other.example"}):
        signed = as_the_suite_signs(presentation)
        assert is_refused(w3c_desk.verify_presentation(signed, **(OCCASION | other)))


@pytest.mark.parametrize("name", TO_FAIL)
def test_a_presentation_that_is_to_fail_does_however_well_it_is_signed(
    w3c_desk: Desk, name: str
) -> None:
    presentation = read_presentation(name)
    signed = as_the_suite_signs(presentation, EDDSA_JCS_2022)
    assert is_refused(w3c_desk.verify_presentation(signed, **OCCASION))
    assert is_refused(w3c_desk.verify_presentation(presentation))


@pytest.mark.parametrize("name", [each for each in PRESENTATIONS if "ok" in each])
def test_a_presentation_as_it_is_kept_is_reported_on(w3c_desk: Desk, name: str) -> None:
    """Nothing in it is signed: it is read, and each credential that it carries is said to be unproven."""
    presentation = read_presentation(name)
    answer = w3c_desk.verify_presentation(presentation)
    carried = credentials_in(presentation)
    assert answer.json()["verified"] is (not carried)
    for told in answer.json()["report"]["credentials"]:
        problems = {each["title"] for each in told["problemDetails"]}
        assert problems & {
            "proof-missing",
            "jwt-header-refused",
            "envelope-malformed",
            "form-unknown",
        }


def test_a_credential_that_the_holder_only_states_is_proven_by_the_presentation(
    w3c_desk: Desk,
) -> None:
    presentation = read_presentation("presentation-self-asserted-vc-ok.json")
    signed = signed_by_the_suite(presentation, EDDSA_RDFC_2022)
    answer = w3c_desk.verify_presentation(signed, **OCCASION)
    assert is_verified(answer)
    (told,) = answer.json()["report"]["credentials"]
    assert "self-asserted" in {check["code"] for check in told["checks"]}


def test_an_enveloped_credential_of_today_is_verified_in_the_place_of_the_drafts(
    w3c_desk: Desk, profile_of: Callable[[str, str], Profile]
) -> None:
    enveloped = profile_of("vc+jwt", "P-256").sign(
        {"@context": [V2], "type": ["VerifiableCredential"], "credentialSubject": {"id": "urn:x"}}
    )
    presentation = {**read_presentation(ENVELOPED), "verifiableCredential": [enveloped]}
    signed = signed_by_the_suite(presentation, EDDSA_RDFC_2022)
    assert is_verified(w3c_desk.verify_presentation(signed, **OCCASION))


def as_the_suite_signs(presentation: JsonObject, suite: ProofSuite = EDDSA_RDFC_2022) -> JsonObject:
    """Return a presentation with each credential in it signed, and signed itself."""
    if "verifiableCredential" not in presentation:
        return signed_by_the_suite(presentation, suite)
    issued = [{**each, "issuer": LOCAL_DID} for each in credentials_in(presentation)]
    signed: list[JsonValue] = [
        add_proof(each, suite=suite, signer=LOCAL, options=SIGNING) for each in issued
    ]
    return signed_by_the_suite({**presentation, "verifiableCredential": signed}, suite)


def signed_by_the_suite(presentation: JsonObject, suite: ProofSuite) -> JsonObject:
    options = replace(
        SIGNING,
        purpose=AUTHENTICATION,
        challenge=OCCASION["challenge"],
        domain=OCCASION["domain"],
    )
    return add_proof(presentation, suite=suite, signer=LOCAL, options=options)


def read_presentation(name: str) -> JsonObject:
    """Return a presentation of the suite, with our key in the place of its own."""
    text = canonicalize(read(name)).replace(SUITES_KEY.encode(), LOCAL_DID.encode())
    return parse_object(text)


def credentials_in(presentation: JsonObject) -> list[JsonObject]:
    carried = presentation.get("verifiableCredential", [])
    assert isinstance(carried, list)
    return [each for each in carried if isinstance(each, dict)]


def is_refused(answer: Answer) -> bool:
    assert answer.headers["content-type"] == "application/json", answer.text
    return (answer.status_code, answer.json()["verified"]) == (400, False)
