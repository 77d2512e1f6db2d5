"""A bundle: the registry's tables in an archive, and a signed manifest that vouches for each file.

The manifest is a credential of the exporting service and verifies like any other; the tables are
lines of JSON, one for each thing, beside it. An archive comes from strangers: nothing in it is read
before its size is known, and nothing is believed before the manifest's proof holds.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from skillpassport.clock import rfc3339
from skillpassport.equivalence.exchange.errors import BundleUnreadable
from skillpassport.frameworks.importing.archives import NOT_WHOLE
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.schemas import REGISTRY_BUNDLE, require_schema
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, parse_object
from skillpassport.vc.suites import EDDSA_JCS_2022
from skillpassport.vc.vocabulary import BUNDLE_TERMS, CREDENTIALS_V2

LAYOUT: Final = 1
"""Raised when the members of the lines change their meaning."""

MANIFEST: Final = "manifest.json"
MAX_BUNDLE_BYTES: Final = 64 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 256 * 1024 * 1024
MAX_MANIFEST_BYTES: Final = 256 * 1024
MAX_LINE_BYTES: Final = 1024 * 1024

Record = dict[str, Any]
Tables = Mapping[str, Sequence[Record]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """An archive that has been read and fits its manifest; whether to trust it is another matter.

    manifest: the signed credential
    registry_version: number of the last change in the exporting registry
    digest: SHA-256 of the archive, in hexadecimal
    """

    manifest: JsonObject
    tables: Tables
    registry_version: int
    digest: str


def write_bundle(
    tables: Tables, *, version: int, issuer_name: str, active: ActiveSigner, now: datetime
) -> bytes:
    """Return the archive of a registry; the same rows and the same instant give the same bytes."""
    files = {f"{name}.jsonl": _lines(rows) for name, rows in tables.items()}
    document: JsonObject = {
        "@context": [CREDENTIALS_V2, BUNDLE_TERMS],
        "type": ["VerifiableCredential", "RegistryBundleCredential"],
        "issuer": {"id": active.verification_method.partition("#")[0], "name": issuer_name},
        "validFrom": rfc3339(now),
        "credentialSubject": {
            "type": "RegistryBundle",
            "layout": LAYOUT,
            "registryVersion": version,
            "file": [
                {
                    "fileName": name,
                    "fileDigest": hashlib.sha256(content).hexdigest(),
                    "rowCount": content.count(b"\n"),
                }
                for name, content in sorted(files.items())
            ],
        },
    }
    require_schema(document, REGISTRY_BUNDLE)
    options = ProofOptions(verification_method=active.verification_method, created=now)
    signed = add_proof(document, suite=EDDSA_JCS_2022, signer=active.signer, options=options)
    manifest = json.dumps(signed, ensure_ascii=False, separators=(",", ":")).encode()
    return _archive({MANIFEST: manifest, **dict(sorted(files.items()))}, now)


def read_bundle(data: bytes, *, known: Collection[str]) -> Bundle:
    """Return what an archive holds, each file as its manifest says.

    known: names of the tables that are taken
    Raises: BundleUnreadable
    """
    if len(data) > MAX_BUNDLE_BYTES:
        raise BundleUnreadable(f"more than {MAX_BUNDLE_BYTES} bytes")
    files = _unpacked(data, {f"{name}.jsonl" for name in known})
    try:
        manifest = parse_object(files.pop(MANIFEST), max_bytes=MAX_MANIFEST_BYTES)
    except KeyError as missing:
        raise BundleUnreadable(f"no {MANIFEST}") from missing
    except StrictJsonError as malformed:
        raise BundleUnreadable(f"a {MANIFEST} that is not strict JSON") from malformed
    subject = manifest.get("credentialSubject")
    if not isinstance(subject, dict) or subject.get("layout") != LAYOUT:
        raise BundleUnreadable(f"another layout than {LAYOUT}")
    version = subject.get("registryVersion")
    if not isinstance(version, int) or isinstance(version, bool):
        raise BundleUnreadable("no version of the registry")
    if _digests(subject) != {
        name: hashlib.sha256(each).hexdigest() for name, each in files.items()
    }:
        raise BundleUnreadable("files that are not those of its manifest")
    return Bundle(
        manifest=manifest,
        tables={name.removesuffix(".jsonl"): _rows(name, each) for name, each in files.items()},
        registry_version=version,
        digest=hashlib.sha256(data).hexdigest(),
    )


def _lines(rows: Sequence[Record]) -> bytes:
    return b"".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"
        for row in rows
    )


def _archive(files: Mapping[str, bytes], now: datetime) -> bytes:
    packed = io.BytesIO()
    stamp = (now.year, now.month, now.day, now.hour, now.minute, now.second)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def _unpacked(data: bytes, allowed: Collection[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if entry.filename != MANIFEST and entry.filename not in allowed:
                    raise BundleUnreadable("a file that no registry of this layout has")
                if entry.filename in files:
                    raise BundleUnreadable("a file that is there twice")
                # What is announced is not believed: no more than what is left is unpacked.
                with archive.open(entry) as packed:
                    content = packed.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise BundleUnreadable(f"more than {MAX_UNPACKED_BYTES} bytes when unpacked")
                files[entry.filename] = content
    except NOT_WHOLE as broken:
        raise BundleUnreadable("no whole zip archive") from broken
    return files


def _digests(subject: JsonObject) -> dict[str, str]:
    listed = subject.get("file")
    found: dict[str, str] = {}
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            found[str(each.get("fileName"))] = str(each.get("fileDigest"))
    return found


def _rows(name: str, content: bytes) -> list[Record]:
    rows: list[Record] = []
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            rows.append(parse_object(line, max_bytes=MAX_LINE_BYTES))
        except StrictJsonError as malformed:
            raise BundleUnreadable(f"line {number} of {name} that is no JSON") from malformed
    return rows
