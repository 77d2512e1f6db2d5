"""Fuzz target: bundles of other instances' registries, down to the rows that they bring."""

import hashlib
import io
import json
import warnings
import zipfile
from contextlib import suppress

from skillpassport.db.registry_parts import PARTS, content_of
from skillpassport.db.registry_records import values_of
from skillpassport.equivalence.exchange.bundle import MANIFEST, read_bundle
from skillpassport.equivalence.exchange.errors import BundleUnreadable, RowsMalformed
from skillpassport.equivalence.exchange.linked_data import linked_data
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.frameworks.errors import RegistryInconsistent
from skillpassport.frameworks.importing.archives import NOT_WHOLE
from tests.fuzz.small_registry import by_table, with_more


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for rows that no registry can work with.

    Archives are read as they are, and as one whose manifest vouches for whatever is in them: a
    service that signs what is wrong.
    """
    for archive in (data, vouched_for(data)):
        with suppress(BundleUnreadable, RowsMalformed, RegistryInconsistent):
            bundle = read_bundle(archive, known=PARTS)
            content = content_of(
                {name: [*values_of(name, rows)] for name, rows in bundle.tables.items()}
            )
            for table, values in by_table(content).items():
                codec = PARTS[table]
                for value in values.values():
                    assert codec.decode({**codec.encode(value), "revision": 1}) == value
            whole = with_more(content)
            snapshot = RegistrySnapshot.of_content(whole)
            json.dumps(linked_data(whole, snapshot.registry)).encode()


def vouched_for(data: bytes) -> bytes:
    """Return an archive with the digests that its files have; one that cannot be read as it is."""
    try:
        with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest = json.loads(files.pop(MANIFEST))
        manifest["credentialSubject"]["file"] = [
            {"fileName": name, "fileDigest": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        ]
    except (*NOT_WHOLE, KeyError, TypeError, RecursionError):
        return data
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in {**files, MANIFEST: json.dumps(manifest).encode()}.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()
