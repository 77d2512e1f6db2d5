"""The README's first screen holds as written."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.did import did_key, own_verification_method
from skillpassport.vc.keys import Ed25519Signer
from skillpassport.vc.suites.eddsa_jcs_2022 import EddsaJcs2022
from tests.support.checkout import CHECKOUT
from tests.support.markdown import blocks

README = CHECKOUT / "README.md"
VERIFY_OFFLINE = CHECKOUT / "docs" / "how-to" / "verify-offline.md"
SHOW_PART = CHECKOUT / "docs" / "how-to" / "show-part-of-a-credential.md"
OF_OTHERS = CHECKOUT / "docs" / "how-to" / "read-badges-of-other-makers.md"


def a_credential() -> str:
    """Return a credential that verifies without any network."""
    signer = Ed25519Signer.generate()
    issuer = did_key(signer.public_key)
    return json.dumps(
        add_proof(
            {
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "type": ["VerifiableCredential"],
                "issuer": issuer,
                "validFrom": "2026-01-01T00:00:00Z",
                "credentialSubject": {"id": "urn:uuid:4c5b2a0e-9b1c-4a53-9a3e-0d1a5f0f7c11"},
            },
            suite=EddsaJcs2022(),
            signer=signer,
            options=ProofOptions(
                verification_method=own_verification_method(issuer),
                created=datetime(2026, 1, 1, tzinfo=UTC),
            ),
        )
    )


@pytest.mark.parametrize(
    "page", [README, VERIFY_OFFLINE, SHOW_PART, OF_OTHERS], ids=lambda page: page.name
)
def test_the_code_of_a_page_runs_and_finds_a_good_credential_valid(
    page: Path, tmp_path: Path
) -> None:
    (tmp_path / "credential.json").write_text(a_credential(), "utf-8")
    examples = list(blocks(page, "python"))
    assert examples
    for code in examples:
        answer = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            text=True,
        )
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout.splitlines()[-1] == "valid", answer.stdout


def test_the_first_screen_says_how_to_run_and_test() -> None:
    first_screen = README.read_text("utf-8").splitlines()[:40]
    for command in ("make demo", "make run", "make test"):
        assert any(line.startswith(command) for line in first_screen)
