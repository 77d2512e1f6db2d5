"""Writes the vectors of this folder again: `python tests/vectors/eddsa-jcs-2022/make.py`.

Ed25519 and RFC 8785 are deterministic, so an unchanged implementation writes the same files.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2]))

from skillpassport.vc.data_integrity import ProofOptions, add_proof  # noqa: E402
from skillpassport.vc.strict_json import JsonObject, parse_object  # noqa: E402
from skillpassport.vc.suites import EDDSA_JCS_2022  # noqa: E402
from tests.support.credentials import ISSUED, ISSUER, method_of  # noqa: E402


def write_case(case: Path) -> None:
    """Write every intermediate value of one case from its `input.json`."""
    document = parse_object((case / "input.json").read_bytes())
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    secured = add_proof(document, suite=EDDSA_JCS_2022, signer=ISSUER, options=options)
    proof = secured["proof"]
    assert isinstance(proof, dict)
    configuration: JsonObject = {k: v for k, v in proof.items() if k != "proofValue"}
    hashes = EDDSA_JCS_2022.hash_data(document, configuration)
    (case / "canonical_document.txt").write_bytes(hashes.canonical_document)
    (case / "canonical_proof.txt").write_bytes(hashes.canonical_proof)
    (case / "document_hash.txt").write_text(hashes.document_hash.hex() + "\n")
    (case / "proof_hash.txt").write_text(hashes.proof_hash.hex() + "\n")
    (case / "proof_value.txt").write_text(f"{proof['proofValue']}\n")
    text = json.dumps(secured, ensure_ascii=False, indent=2)
    (case / "secured.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    for folder in sorted(path for path in HERE.iterdir() if (path / "input.json").exists()):
        write_case(folder)
