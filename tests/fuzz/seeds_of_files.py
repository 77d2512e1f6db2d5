"""The sound files that fuzzing starts from: templates of the how-to pages, and a small export."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from skillpassport.db.registry_parts import PARTS
from skillpassport.db.registry_records import record_of as row_record
from skillpassport.equivalence.exchange.bundle import write_bundle
from skillpassport.frameworks.qualification_records import record_of
from skillpassport.organisations.model import SERVICE
from skillpassport.organisations.signing_keys import ActiveSigner, SigningKey, SigningKeyId
from skillpassport.vc.keys import Ed25519Signer
from tests.fuzz.small_registry import AGREEMENTS, TEMPLATES, by_table, small_content
from tests.support.checkout import CHECKOUT
from tests.support.taxonomies import a_full_qualification, a_package

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def of_registry_files() -> Iterator[tuple[str, str, bytes]]:
    """Yield target, name and content of each."""
    for path in sorted(TEMPLATES.iterdir()):
        target = "registry_tables" if path.suffix == ".csv" else "registry_records"
        yield target, path.name, path.read_bytes()
    yield "registry_tables", "recognition-rules.csv", _table_of_the_page()
    yield "registry_tables", "qualifications.csv", _QUALIFICATIONS.encode()
    yield "registry_tables", "eu-vocabulary.csv", _VOCABULARY.encode()
    yield "registry_records", "agreements.json", AGREEMENTS
    record = record_of(a_full_qualification())
    yield (
        "registry_records",
        "qualifications.json",
        _json([{**record, "framework": "EU:EQF", "level": "4"}]),
    )
    yield "taxonomies", "esco.zip", a_package()
    yield "taxonomies", "isco.csv", _ISCO.encode()
    yield "taxonomies", "isced-f.csv", _ISCED_F.encode()
    yield "bundles", "bundle.zip", _bundle()
    yield from _of_conditions()
    yield "searches", "query", b"specialiste nusre"
    yield "searches", "arabic", "ممرضه 4+ 5.1".encode()
    yield "searches", "names", _json({"query": "weldor", "names": ["Pipe welder (MIG)", "soudage"]})


def _of_conditions() -> Iterator[tuple[str, str, bytes]]:
    subjects = {"subjects_passed": {"grades": ["A", "B"], "count": {"min": 6}}}
    for name, when, facts in (
        ("subjects", subjects, {"subjects_passed": {"A": 4, "b": 2}}),
        ("dates", {"award_date": {"from": "2018-01-01", "before": "2020-01-01"}},
         {"award_date": "2019-06-30"}),
        ("years", {"duration_years": {"in": [3, 3.5], "max": 4}}, {"duration_years": 3.5}),
        ("grade", {"final_grade": {"in": ["A-"]}, "stream": {"in": ["arts"]}},
         {"final_grade": "a \u2212", "stream": "Arts"}),
    ):  # fmt: skip
        yield "conditions", name, _json({"when": when, "facts": facts})
        yield "conditions", f"{name}-alone", _json(when)


def _table_of_the_page() -> bytes:
    page = (CHECKOUT / "docs" / "how-to" / "write-recognition-rules.md").read_text()
    (table,) = re.findall(r"```csv\n(.+?)```", page, re.DOTALL)
    return str(table).replace("XY-TABLE", "XZ-ACT").encode()


def _bundle() -> bytes:
    signer = Ed25519Signer.generate()
    key = SigningKey(
        id=SigningKeyId("key"),
        owner=SERVICE,
        did="did:web:elsewhere.example",
        fragment=signer.public_key.multikey,
        multikey=signer.public_key.multikey,
        created_at=NOW,
        signs_until=NOW + timedelta(days=1),
    )
    tables = {
        name: [row_record(PARTS[name].encode(one)) for one in list(values.values())[:4]]
        for name, values in by_table(small_content()).items()
    }
    return write_bundle(
        tables,
        version=7,
        issuer_name="Elsewhere",
        active=ActiveSigner(key=key, signer=signer),
        now=NOW,
    )


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


_QUALIFICATIONS = """\
id,country,title_en,title_fr,aliases,codes,framework,edition,level,isced_f,isco,esco,hours,credits,valid_from,sources
XZ-1,XZ,Certificate in Welding,Certificat de soudage,Welder I;Welder,W1,XZ:NQF,2024,2,0715,7212,http://data.europa.eu/esco/occupation/welder,400,40.5,2020-01-01,XZ-ACT
XZ-2,XZ-AB,Diploma,,,,,,,,,,,,,
"""

_VOCABULARY = """\
framework_abbr,jurisdiction,framework_uri,framework_name,level_notation,level_uri,level_label
NQF,XZ,http://data.europa.eu/snb/qdr/xz,Exampland National Qualifications Framework,2,http://data.europa.eu/snb/qdr/xz2,Level 2
EQF,EU|XZ,http://data.europa.eu/snb/eqf/25831c2,European Qualifications Framework,4,http://data.europa.eu/snb/eqf/4,
"""

_ISCO = """\
level,code,parent,title_en,title_fr
1,7,,Craft and related trades workers,
2,72,7,"Metal, machinery and related trades workers",
4,7212,72,Welders and flame cutters,Soudeurs et oxycoupeurs
"""

_ISCED_F = """\
code,parent,label_en,label_fr
07,,"Engineering, manufacturing and construction",
071,07,Engineering and engineering trades,
0715,071,Mechanics and metal trades,Mécanique
"""
