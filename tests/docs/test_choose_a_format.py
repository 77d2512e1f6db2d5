"""The commands of the how-to on formats are run as they stand; the reference names what there is."""

import json
from pathlib import Path

import pytest

from skillpassport.credentials.formats import DEFAULT_SUITES, DOCUMENT_FORMATS
from skillpassport.credentials.model import Cryptosuite, Format
from skillpassport.credentials.sd_jwt_vc import DISCLOSABLE, SKILLS_TYPE
from skillpassport.schemas import AWARD_CLAIMS, CREDENTIAL_TYPES, SCHEMAS, published_schema
from tests.support.checkout import CHECKOUT
from tests.support.shell_pages import run_page

PAGE = CHECKOUT / "docs" / "how-to" / "choose-a-format.md"
REFERENCE = CHECKOUT / "docs" / "reference" / "formats.md"
KEPT_BACK = ["name_in_mrz", "birthDate", "id", "results", "evidence"]


@pytest.mark.slow
def test_the_commands_do_what_the_page_says(tmp_path: Path) -> None:
    _, lines = run_page(PAGE, tmp_path)
    scope, slug, *rest = lines
    assert ("mig-welding" in scope, slug) == (True, "mig-welding")
    assert rest == [
        "('vcdm', 'good', 'dict')",
        "('open-badge', 'good', 'dict')",
        "('vc+jwt', 'good', 'str')",
        "('sd-jwt-vc', 'good', 'str')",
        "eddsa-rdfc-2022",
        "(422, 'securing-unusable')",
        "('valid', 'Ama Example', '1999-02-28')",
        f"('valid', 'Ama Example', False, {KEPT_BACK})",
        "('valid', 'mig-welding')",
        SKILLS_TYPE,
        "Attestation de compétences",
        "A strict Open Badge",
    ]


@pytest.mark.parametrize("name", [*Format, *Cryptosuite, *SCHEMAS, *CREDENTIAL_TYPES, SKILLS_TYPE])
def test_the_reference_names_each_format_securing_and_schema(name: str) -> None:
    assert f"`{name}`" in REFERENCE.read_text("utf-8")


@pytest.mark.parametrize("form", Format)
def test_the_reference_says_of_each_format_what_it_is_secured_and_validated_by(
    form: Format,
) -> None:
    text = REFERENCE.read_text("utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith(f"| `{form}` |")]
    assert f"`{DOCUMENT_FORMATS[form].schema}`" in row
    assert form.is_token or f"`{DEFAULT_SUITES[form]}`" in row


def test_the_reference_names_each_claim_and_whether_it_can_be_withheld() -> None:
    table = REFERENCE.read_text("utf-8").partition("## Claims")[2].partition("\n## ")[0]
    claims = json.loads(published_schema(AWARD_CLAIMS))["properties"]
    rows = {line.split("`")[1]: line for line in table.splitlines() if line.startswith("| `")}
    assert {*rows} == {*claims}
    assert {name for name, row in rows.items() if "| holder's choice |" in row} == {*DISCLOSABLE}
