"""`skillpassport verify` on files of other makers, through a pipe, and on what is no text at all."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.commands import LONGEST, Commands, program
from tests.support.shared_data import shared_data

pytestmark = pytest.mark.slow

MAKERS = (
    "ob3-1edtech/simple-noproof.json",
    "clr2-1edtech/simple-noproof.json",
    "dcc-verifier-core/v2",
    "jff-plugfest/signed_badge_example-p2.json",
    "ob3-waltid/openbadgecredential_sample.signed.json",
    "elm-edc/Credentials/JSON-LD_Examples_ELM_v3/Sample-CertOfPart-signed.jsonld",
    "edci",
    "blockcerts-v3/testnet-v3--tampered.json",
    "eu-dcc-qr/AT-1.json",
    "sunbird/marksheet.json",
    "w3c-vcdm-examples",
)
ENDS = {"valid": 0, "invalid": 1, "undetermined": 3, "unreadable": 3}


def files_of_makers() -> list[Path]:
    folder = shared_data() / "credentials"
    found = [folder / name for name in MAKERS]
    return [
        next(file for file in sorted(each.rglob("*")) if file.is_file()) if each.is_dir() else each
        for each in found
    ]


def test_ten_files_of_different_makers_get_a_verdict_or_an_exact_sentence(fresh: Commands) -> None:
    files = [str(file) for file in files_of_makers()]
    told = fresh.run("verify", "--json", *files)
    reports = told.json["files"]
    assert set(reports) == set(files)
    verdicts = {report["verdict"] for report in reports.values()}
    assert told.code == (1 if "invalid" in verdicts else 3)
    for file, report in reports.items():
        assert report["checks"], file
        assert report["verdict"] != "unreadable" or len(report["seems_to_be"]) > 5, file
    spoken = fresh.run("verify", *files)
    assert (spoken.code, spoken.err) == (told.code, "")
    for file in files:
        assert any(line.startswith(f"{file}: ") for line in spoken.out.splitlines())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG image"),
        (b"%PDF-1.7\n\xff", "a PDF document"),
        (b"\x00\xff\xfe", "a file of an unknown kind"),
        (b"", "nothing: the document is empty"),
        (b'{"a": "' + b"x" * 2_000_000 + b'"}', "embedded images"),
    ],
)
def test_a_file_that_is_no_credential_is_told_apart(
    fresh: Commands, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "brought"
    file.write_bytes(content)
    told = fresh.run("verify", str(file))
    assert (told.code, told.err) == (3, "")
    assert says in told.out
    assert json.loads(fresh.run("verify", str(file), "--json").out)["files"]


def test_a_reader_that_leaves_changes_neither_the_end_nor_the_silence(
    fresh: Commands, tmp_path: Path
) -> None:
    """As in `skillpassport verify … | head -1`."""
    files = []
    for number in range(50):
        file = tmp_path / f"{number}.json"
        file.write_text("{}")
        files.append(str(file))
    fresh.run("db", "upgrade")
    for option in ((), ("--json",)):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            program("verify", *option, *files),
            stdout=writing,
            stderr=subprocess.PIPE,
            env=fresh.environment(),
            cwd=tmp_path,
            timeout=LONGEST,
            check=False,
        )
        os.close(writing)
        assert (done.returncode, done.stderr) == (3, b""), option
