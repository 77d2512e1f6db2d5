"""Bundles: whole, signed, and nothing of one that is not."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from skillpassport.equivalence.exchange.bundle import MANIFEST, Record, read_bundle, write_bundle
from skillpassport.equivalence.exchange.errors import BundleNotTrusted, BundleUnreadable
from skillpassport.equivalence.exchange.trust import PinnedKey, require_trust
from skillpassport.organisations.model import SERVICE
from skillpassport.organisations.signing_keys import ActiveSigner, SigningKey, SigningKeyId
from skillpassport.vc.keys import Ed25519Signer
from tests.support.json_ld import assert_expands

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DID = "did:web:elsewhere.example"
TABLES: dict[str, list[Record]] = {
    "frameworks": [{"id": "XX:YY", "name": {"en": "Y"}}, {"id": "XX:ZZ", "name": {"en": "Z"}}],
    "sources": [{"id": "SRC"}],
}
SIGNER = Ed25519Signer.generate()
MULTIKEY = SIGNER.public_key.multikey


def a_bundle(tables: dict[str, list[Record]] | None = None) -> bytes:
    key = SigningKey(
        id=SigningKeyId("key"),
        owner=SERVICE,
        did=DID,
        fragment=MULTIKEY,
        multikey=MULTIKEY,
        created_at=NOW,
        signs_until=NOW + timedelta(days=1),
    )
    active = ActiveSigner(key=key, signer=SIGNER)
    return write_bundle(
        TABLES if tables is None else tables,
        version=7,
        issuer_name="Elsewhere",
        active=active,
        now=NOW,
    )


def repacked(bundle: bytes, changes: dict[str, bytes], *, without: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            if name != without:
                new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return packed.getvalue()


def unreadable(data: bytes) -> str:
    with pytest.raises(BundleUnreadable) as refused:
        read_bundle(data, known=TABLES)
    return refused.value.reason


def test_what_was_written_is_read_back_and_trusted_by_the_key() -> None:
    bundle = read_bundle(a_bundle(), known=TABLES)
    assert (dict(bundle.tables), bundle.registry_version) == (TABLES, 7)
    found = require_trust(bundle.manifest, DID, resolvers=PinnedKey(DID, MULTIKEY), now=NOW)
    assert found == DID
    assert_expands(bundle.manifest)


def test_the_same_registry_gives_the_same_bytes() -> None:
    assert a_bundle() == a_bundle()


@pytest.mark.parametrize(
    "changes",
    [
        {"frameworks.jsonl": b'{"id":"XX:QQ"}\n'},
        {"frameworks.jsonl": b""},
        {"levels.jsonl": b"{}\n"},
        {"../evil.jsonl": b"{}\n"},
        {"/etc/passwd": b"x"},
        {MANIFEST: b"{}"},
        {MANIFEST: b'{"credentialSubject":{"layout":1,"layout":1}}'},
        {MANIFEST: b"[" * 100_000},
    ],
)
def test_an_archive_that_does_not_fit_its_manifest_is_refused(changes: dict[str, bytes]) -> None:
    assert unreadable(repacked(a_bundle(), changes))


@pytest.mark.parametrize("name", [MANIFEST, "frameworks.jsonl"])
def test_an_archive_that_lacks_a_file_is_refused(name: str) -> None:
    assert unreadable(repacked(a_bundle(), {}, without=name))


def test_every_cut_and_flipped_byte_is_noticed() -> None:
    whole = a_bundle()
    accepted = read_bundle(whole, known=TABLES)
    for place in range(0, len(whole), 7):
        flipped = bytearray(whole)
        flipped[place] ^= 0x01
        for data in (bytes(flipped), whole[:place]):
            try:
                read = read_bundle(data, known=TABLES)
            except BundleUnreadable:
                continue
            # Times and attributes of the archive itself say nothing; what it holds is the same.
            assert read.tables == accepted.tables
            assert read.manifest == accepted.manifest


@pytest.mark.parametrize("data", [b"", b"PK", b"x" * 1000, b"PK\x03\x04" + b"\xff" * 1000])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    assert unreadable(data) == "no whole zip archive"


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skillpassport.equivalence.exchange.bundle.MAX_UNPACKED_BYTES", 100_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("frameworks.jsonl", b" " * 10_000_000)
    assert "unpacked" in unreadable(packed.getvalue())


@pytest.mark.parametrize(("flags", "method"), [(1, 8), (0, 99)], ids=["encrypted", "packed oddly"])
def test_an_archive_that_is_not_plain_is_refused(flags: int, method: int) -> None:
    data = bytearray(a_bundle())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = data.find(mark)
        while found >= 0:
            data[found + place] |= flags
            data[found + place + 2] = method
            found = data.find(mark, found + 4)
    assert unreadable(bytes(data)) == "no whole zip archive"


def test_a_doubled_file_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sources.jsonl", b"{}\n")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("sources.jsonl", b"{}\n")
    assert unreadable(packed.getvalue()) == "a file that is there twice"


@pytest.mark.parametrize("change", ["issuer", "digest", "version"])
def test_a_manifest_that_was_altered_is_not_trusted(change: str) -> None:
    manifest = json.loads(json.dumps(read_bundle(a_bundle(), known=TABLES).manifest))
    if change == "issuer":
        manifest["issuer"]["id"] = "did:web:other.example"
    elif change == "digest":
        manifest["credentialSubject"]["file"][0]["fileDigest"] = "0" * 64
    else:
        manifest["credentialSubject"]["registryVersion"] = 8
    with pytest.raises(BundleNotTrusted):
        require_trust(manifest, DID, resolvers=PinnedKey(DID, MULTIKEY), now=NOW)


def test_another_key_or_service_than_expected_is_not_trusted() -> None:
    manifest = read_bundle(a_bundle(), known=TABLES).manifest
    other = Ed25519Signer.generate().public_key.multikey
    with pytest.raises(BundleNotTrusted):
        require_trust(manifest, DID, resolvers=PinnedKey(DID, other), now=NOW)
    with pytest.raises(BundleNotTrusted, match="another issuer"):
        require_trust(manifest, "did:web:x.example", resolvers=PinnedKey(DID, MULTIKEY), now=NOW)
