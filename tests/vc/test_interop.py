"""Whatever other makers' files are, each gets a verdict with its reason, and none breaks anything."""

from pathlib import Path

import pytest

from skillpassport.vc import Verdict
from tests.support.interop import PAGE, Line, comparisons, judged, lines, page
from tests.support.interop_reasons import EXPLAINED, KINDS
from tests.support.shared_data import shared_data

VAGUE = {"plain text", "a file of an unknown kind", "a JSON document that is no credential"}


@pytest.fixture(scope="module")
def told() -> list[Line]:
    return list(lines(shared_data() / "credentials"))


@pytest.mark.data
def test_each_file_gets_a_verdict_and_a_reason(told: list[Line]) -> None:
    assert len(told) == 329
    assert all(line.what and line.reason for line in told)
    assert [line for line in told if line.verdict is Verdict.UNREADABLE and not line.what] == []


@pytest.mark.data
def test_only_few_files_are_of_no_kind_that_has_a_name(told: list[Line]) -> None:
    """Workings of the standards' own examples, which nobody would bring as a credential."""
    unnamed = [line.file for line in told if line.what in VAGUE]
    assert [name for name in unnamed if not name.startswith("w3c-di-ecdsa/ecdsa-sd-2023/")] == []


@pytest.mark.data
@pytest.mark.slow
def test_the_page_is_made_from_the_files_as_they_are(told: list[Line]) -> None:
    """A reader learned another form, or one was lost: run `make interop` and look at the change."""
    compared = comparisons(told, shared_data() / "credentials")
    assert PAGE.read_text("utf-8") == page(told, compared)


@pytest.mark.data
def test_each_verdict_that_differs_from_1edtechs_is_explained_as_it_is(told: list[Line]) -> None:
    """With another reason than it had, a row has to be looked into and explained anew."""
    compared = comparisons(told, shared_data() / "credentials")
    assert [
        each.line.file for each in compared if each.agreement != "the same" and not each.why
    ] == []
    differing = {each.line.file for each in compared if each.agreement != "the same"}
    assert EXPLAINED.keys() == differing


@pytest.mark.data
def test_each_file_that_is_not_valid_is_of_a_kind_that_says_why(told: list[Line]) -> None:
    assert [each for each in told if each.verdict is not Verdict.VALID and each.kind is None] == []
    assert [kind.title for kind in KINDS if kind not in {line.kind for line in told}] == []


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "nothing: the document is empty"),
        (b"\x89PNG\r\n\x1a\n....", "a PNG image that cannot be read as a badge"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x00\x01\x02\xff", "a file of an unknown kind"),
        (b"[]", "a JSON array"),
        (b'{"publicKeyMultibase": "z6Mk", "secretKeyMultibase": "z3u2"}', "a pair of keys"),
        (b'{"PREFIX": "HC1:NCFTW2H"}', "a test case of an EU Digital COVID Certificate"),
        (b"<urn:uuid:1> <https://x.example/y> _:c14n0 .\n", "RDF statements (N-Quads)"),
        (b"@prefix x: <https://x.example/> .", "RDF in Turtle"),
        (b"ab" * 32, "a hash or another value in hexadecimal"),
    ],
)
def test_what_is_no_credential_is_named(raw: bytes, what: str) -> None:
    line = judged("maker/file", raw)
    assert (line.verdict, line.what.startswith(what)) == (Verdict.UNREADABLE, True), line.what


def test_no_name_or_reason_can_break_the_table(tmp_path: Path) -> None:
    (tmp_path / "maker").mkdir()
    (tmp_path / "maker" / "a.json").write_text('{"type": "VerifiableCredential", "x|y": "<b>\\n"}')
    rows = page(list(lines(tmp_path))).splitlines()
    assert rows[-1].count(" | ") == 3
