"""Each published vector among the shared data is read by a test that is named here; none is left out."""

import fnmatch
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT
from tests.support.shared_data import shared_data
from tests.vc import test_jcs, test_rdfc
from tests.vc.sdjwt import test_reference
from tests.vc.token_status import test_statuses

FOLDERS = ("vectors", "credentials/w3c-di-ecdsa", "credentials/w3c-di-eddsa")

SUITES = "tests/vc/suites/"
EDDSA_RDFC = (
    SUITES + "test_eddsa_rdfc_2022.py::test_the_w3c_vectors_match_at_every_intermediate_value"
)
EDDSA_JCS = (
    SUITES + "test_eddsa_jcs_2022.py::test_the_w3c_vector_matches_at_every_intermediate_value"
)
ED25519_2020 = (
    SUITES
    + "test_ed25519_signature_2020.py::test_the_w3c_vector_matches_at_every_intermediate_value"
)
ECDSA_RDFC = (
    SUITES
    + "test_ecdsa_rdfc_2019.py::test_the_w3c_vectors_for_p_256_match_at_every_intermediate_value"
)
ECDSA_JCS = (
    SUITES
    + "test_ecdsa_jcs_2019.py::test_the_w3c_vector_of_p256_matches_at_every_intermediate_value"
)
SD = SUITES + "test_ecdsa_sd_2023_vectors.py::"
SD_STATEMENTS = SD + "test_the_statements_of_a_base_proof_match"
SD_BASE = SD + "test_the_base_proof_matches_to_the_octet"
SD_PARTS = SD + "test_the_parts_of_a_derived_proof_match"
SD_DERIVED = SD + "test_the_derived_proof_matches_to_the_octet_and_verifies"
TOKENS = "tests/vc/token_status/test_tokens.py::"

ECDSA = "credentials/w3c-di-ecdsa/"
EDDSA = "credentials/w3c-di-eddsa/"
PRC = ECDSA + "ecdsa-sd-2023/prc/"
EXAMPLES = "vectors/status-list/examples/"

READ_BY_NAME = {
    EDDSA + "eddsa-rdfc-2022/*": EDDSA_RDFC,
    EDDSA + "eddsa-jcs-2022/*": EDDSA_JCS,
    EDDSA + "Ed25519Signature2020/*": ED25519_2020,
    EDDSA + "keyPair.json": EDDSA_RDFC,
    EDDSA + "unsigned.json": EDDSA_RDFC,
    EDDSA + "employmentAuth.json": EDDSA_RDFC,
    ECDSA + "ecdsa-rdfc-2019-p256/*": ECDSA_RDFC,
    ECDSA + "ecdsa-jcs-2019-p256/*": ECDSA_JCS,
    ECDSA + "p256KeyPair.json": ECDSA_RDFC,
    ECDSA + "unsigned.json": ECDSA_RDFC,
    ECDSA + "employmentAuth.json": ECDSA_RDFC,
    ECDSA + "prCredUnsigned.json": SD
    + "test_the_document_is_the_published_one_but_for_a_description",
    ECDSA + "ecdsa-sd-2023/SDKeyMaterial.json": SD_BASE,
    PRC + "addBase*": SD_STATEMENTS,
    PRC + "addPointerValues.json": SD_STATEMENTS,
    PRC + "addProofConfig*": SD_STATEMENTS,
    PRC + "addHashData.json": SD_STATEMENTS,
    PRC + "addRawBaseSignatureInfo.json": SD_BASE,
    PRC + "addSignedSDBase.json": SD_BASE,
    PRC + "derivedRecoveredBaseData.json": SD_BASE,
    PRC + "derivedAdj*": SD_PARTS,
    PRC + "derivedAllGroupData.json": SD_PARTS,
    PRC + "derivedGroupIndexes.json": SD_PARTS,
    PRC + "derivedDisclosureData.json": SD_DERIVED,
    PRC + "derivedRevealDocument.json": SD_DERIVED,
    PRC + "derivedUnsignedReveal.json": SD_DERIVED,
    PRC + "verify*": SD_DERIVED,
    "vectors/rdf-canon/manifest.csv": "tests/vc/test_rdfc.py::test_the_published_vectors_match",
    "vectors/sd-jwt/settings.yml": "tests/vc/sdjwt/test_reference.py::"
    "test_the_keys_and_parties_are_those_of_the_published_settings",
}
"""Files to the test in whose module each stands under its own name."""

READ_BY_CASE = {
    ECDSA + "*Mandatory.json": SD_BASE,
    ECDSA + "*Selective.json": SD_DERIVED,
    "vectors/jcs/*/*": "tests/vc/test_jcs.py::test_the_published_vectors_match",
    "vectors/rdf-canon/rdfc10/*": "tests/vc/test_rdfc.py::test_the_published_vectors_match",
    "vectors/sd-jwt/*/specification.yml": "tests/vc/sdjwt/test_reference.py",
    EXAMPLES
    + "status_list_encoding*": "tests/vc/token_status/test_statuses.py::test_the_drafts_vectors_are_read",
    EXAMPLES + "status_list_jwt_raw.md": TOKENS
    + "test_the_drafts_jwt_is_read_and_its_signature_holds",
    EXAMPLES + "status_list_jwt.md": TOKENS + "test_the_drafts_claims_are_built",
    EXAMPLES + "status_list_cwt.md": TOKENS + "test_the_drafts_cwt_is_read_and_its_signature_holds",
    EXAMPLES + "referenced_token_cwt.md": TOKENS + "test_the_drafts_referenced_cwt_names_its_list",
    EXAMPLES + "*_cwt_diag.md": TOKENS + "test_the_drafts_annotated_octets_are_those_that_are_read",
}
"""Files whose names a test makes up from its cases; see `made_up`."""

NO_VECTORS = {"vectors/jcs/README.md", "vectors/rdf-canon/LICENCE.md"}


def made_up() -> Iterator[str]:
    """Yield the files that the cases of the tests come to."""
    yield from (
        f"{ECDSA}{case}{part}.json"
        for case in ("prCred", "employ")
        for part in ("Mandatory", "Selective")
    )
    for case in test_jcs.CASES:
        yield from (
            f"vectors/jcs/input/{case}.json",
            f"vectors/jcs/output/{case}.json",
            f"vectors/jcs/outhex/{case}.txt",
        )
    for name, _ in test_rdfc.vectors():
        yield from (
            f"vectors/rdf-canon/rdfc10/{name}{end}"
            for end in ("-in.nq", "-rdfc10.nq", "-rdfc10map.json")
        )
    yield from (
        f"vectors/sd-jwt/{file.parent.name}/specification.yml" for file in test_reference.CASES
    )
    for name in (*(row[0] for row in test_statuses.VECTORS), "encoding8"):
        yield from (
            f"{EXAMPLES}status_list_{name}_{form}.md" for form in ("json", "cbor", "cbor_diag")
        )
    for name in ("status_list_jwt_raw", "status_list_jwt"):
        yield f"{EXAMPLES}{name}.md"
    for name in ("status_list_cwt", "referenced_token_cwt"):
        yield from (f"{EXAMPLES}{name}.md", f"{EXAMPLES}{name}_diag.md")


@pytest.fixture(scope="module")
def published() -> list[str]:
    root = shared_data()
    files = (file for folder in FOLDERS for file in (root / folder).rglob("*") if file.is_file())
    return sorted(file.relative_to(root).as_posix() for file in files)


@pytest.mark.data
def test_each_published_vector_is_read_by_a_test(published: list[str]) -> None:
    cases = frozenset(made_up())
    left_out = [
        name
        for name in published
        if name not in NO_VECTORS and not is_read_by_name(name) and not is_a_case(name, cases)
    ]
    assert left_out == []


@pytest.mark.data
def test_nothing_is_accounted_for_that_is_not_there(published: list[str]) -> None:
    patterns = [*READ_BY_NAME, *READ_BY_CASE, *NO_VECTORS]
    assert [each for each in patterns if not fnmatch.filter(published, each)] == []


@pytest.mark.parametrize("test", sorted({*READ_BY_NAME.values(), *READ_BY_CASE.values()}))
def test_the_tests_that_read_the_vectors_exist(test: str) -> None:
    module, _, function = test.partition("::")
    assert f"def {function}" in (CHECKOUT / module).read_text("utf-8")


def is_read_by_name(name: str) -> bool:
    tests = {test for pattern, test in READ_BY_NAME.items() if fnmatch.fnmatch(name, pattern)}
    modules = {CHECKOUT / test.partition("::")[0] for test in tests}
    return any(
        f'"{Path(name).name}"' in module.read_text("utf-8")
        or f'/{Path(name).name}"' in module.read_text("utf-8")
        for module in modules
    )


def is_a_case(name: str, cases: frozenset[str]) -> bool:
    return name in cases and any(fnmatch.fnmatch(name, pattern) for pattern in READ_BY_CASE)
