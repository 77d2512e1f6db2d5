"""The registry between instances: what comes out of one goes into another, and nothing else."""

import csv
import dataclasses
import datetime as dt
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from skillpassport.db.registry_parts import PARTS
from skillpassport.equivalence.exchange.bundle import write_bundle
from skillpassport.equivalence.exchange.errors import (
    BundleNotTrusted,
    BundleUnreadable,
    RowsMalformed,
)
from skillpassport.equivalence.snapshot import RegistryContent
from skillpassport.frameworks.registry import FrameworkRows
from skillpassport.organisations.model import SERVICE
from tests.fuzz.small_registry import small_content
from tests.support.instances import Served, an_instance
from tests.support.registry import a_framework, a_mapping, a_source, an_edition, some_levels
from tests.support.rules import a_rule, an_agreement

PATH = "/api/v1/registry"
IDS = ("AA:X", "EU:Y")


def a_small_registry(name: str = "One") -> RegistryContent:
    return RegistryContent(
        rows=FrameworkRows(
            sources=(a_source(),),
            frameworks=tuple(
                dataclasses.replace(a_framework(one), name={"en": f"{name} {one}"}) for one in IDS
            ),
            editions=tuple(map(an_edition, IDS)),
            levels=tuple(level for one in IDS for level in some_levels(one)),
        ),
        mappings=(a_mapping("AA:X 1", "EU:Y 2"),),
    )


def fill(served: Served, content: RegistryContent) -> None:
    with served.instance.database.transaction() as work:
        work.frameworks.revise(content, origin="a test", now=work.now)


def key_of(served: Served) -> tuple[str, str]:
    with served.instance.database.snapshot() as work:
        (key,) = work.signing_keys.of(SERVICE)
    return key.did, key.multikey


OTHER_URL = "https://other.example"


@pytest.fixture(scope="session")
def here_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an instance with a registry of two frameworks, to be copied."""
    folder = tmp_path_factory.mktemp("here-template")
    with an_instance(folder, prepare=True, seed="none") as served:
        fill(served, a_small_registry())
    return folder


@pytest.fixture(scope="session")
def elsewhere_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make another instance without any, to be copied."""
    folder = tmp_path_factory.mktemp("elsewhere-template")
    with an_instance(folder, prepare=True, seed="none", public_url=OTHER_URL):
        return folder


@pytest.fixture
def here(here_template: Path, tmp_path: Path) -> Iterator[Served]:
    """Give an instance with a registry of two frameworks."""
    shutil.copytree(here_template, tmp_path / "here")
    with an_instance(tmp_path / "here", seed="none") as served:
        yield served


@pytest.fixture
def elsewhere(elsewhere_template: Path, tmp_path: Path) -> Iterator[Served]:
    """Give another instance without any."""
    shutil.copytree(elsewhere_template, tmp_path / "elsewhere")
    with an_instance(tmp_path / "elsewhere", seed="none", public_url=OTHER_URL) as served:
        yield served


def bring_in(into: Served, data: bytes, source: Served, *approved: str) -> dict[str, Any]:
    did, multikey = key_of(source)
    return into.instance.import_bundle(
        data,
        trust=lambda manifest: into.instance.trusted_bundle(manifest, issuer=did, key=multikey),
        approved=approved,
    ).to_json()


def test_a_bundle_of_one_instance_answers_in_another_with_its_provenance(
    here: Served, elsewhere: Served
) -> None:
    came = bring_in(elsewhere, here.http.get(f"{PATH}/bundle.zip").content, here)
    assert came["added"]["level_mappings"] == 1
    assert came["waiting"] == []
    question = "/api/v1/equivalences?from_framework=AA:X&from_level=1&to_framework=EU:Y"
    assert elsewhere.get(question).json()["answers"] == here.get(question).json()["answers"]
    origins = [one["origin"] for one in elsewhere.get(f"{PATH}/changes").json()["items"]]
    assert any(one.startswith(f"bundle of {key_of(here)[0]}, version 1 ") for one in origins)
    again = bring_in(elsewhere, here.http.get(f"{PATH}/bundle.zip").content, here)
    assert (again["added"], again["waiting"]) == ({}, [])
    assert [one["origin"] for one in elsewhere.get(f"{PATH}/changes").json()["items"]] == origins
    assert not elsewhere.instance.verify_log().findings


def test_something_of_each_part_comes_through_and_is_told(
    elsewhere_template: Path, elsewhere: Served, tmp_path: Path
) -> None:
    """Whatever the registry comes to hold is exported, taken over, compared and counted."""
    shutil.copytree(elsewhere_template, tmp_path / "origin")
    with an_instance(tmp_path / "origin", seed="none", public_url=OTHER_URL) as origin:
        fill(origin, small_content())
        came = bring_in(elsewhere, origin.http.get(f"{PATH}/bundle.zip").content, origin)
        told = origin.get(f"{PATH}/export.json").json()["tables"]
    assert set(came["added"]) == set(PARTS)
    assert elsewhere.get(f"{PATH}/export.json").json()["tables"] == told
    assert all(told[table] for table in PARTS)
    differing = elsewhere.get(f"{PATH}/diff?from=0").json()["tables"]
    assert {table: len(rows) for table, rows in told.items()} == {
        table: len(each) for table, each in differing.items()
    }
    (change,) = elsewhere.get(f"{PATH}/changes").json()["items"]
    assert change["rows_added"] == sum(map(len, told.values()))
    for table, rows in told.items():
        written = elsewhere.http.get(f"{PATH}/export/{table}.csv").text
        assert len(list(csv.reader(io.StringIO(written)))) == len(rows) + 1


def test_what_says_something_else_here_waits_until_it_is_approved(
    here: Served, elsewhere: Served
) -> None:
    fill(elsewhere, a_small_registry("Other"))
    bundle = here.instance.export_bundle()
    came = bring_in(elsewhere, bundle, here)
    assert came["waiting"] == ["frameworks: AA:X", "frameworks: EU:Y"]
    assert elsewhere.get("/api/v1/frameworks/AA:X").json()["name"]["en"] == "Other AA:X"
    came = bring_in(elsewhere, bundle, here, "frameworks: AA:X")
    assert (came["approved"], came["waiting"]) == (1, ["frameworks: EU:Y"])
    assert elsewhere.get("/api/v1/frameworks/AA:X").json()["name"]["en"] == "One AA:X"
    assert elsewhere.get("/api/v1/frameworks/EU:Y").json()["name"]["en"] == "Other EU:Y"


def test_what_is_new_and_what_is_approved_come_in_one_change(
    here: Served, elsewhere: Served
) -> None:
    fill(elsewhere, RegistryContent(rows=FrameworkRows(sources=(a_source(),))))
    bundle = here.instance.export_bundle()
    bring_in(elsewhere, bundle, here)
    assert len(elsewhere.get(f"{PATH}/changes").json()["items"]) == 2


def test_a_bundle_that_was_tampered_with_changes_nothing(here: Served, elsewhere: Served) -> None:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(here.instance.export_bundle())) as old,
        zipfile.ZipFile(packed, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"referenced", b"comparable"))
    with pytest.raises(BundleUnreadable, match="not those of its manifest"):
        bring_in(elsewhere, packed.getvalue(), here)
    assert elsewhere.get(f"{PATH}/changes").json()["items"] == []


def test_a_bundle_that_somebody_else_signed_is_not_trusted(here: Served, elsewhere: Served) -> None:
    with pytest.raises(BundleNotTrusted, match="another issuer"):
        bring_in(elsewhere, elsewhere.instance.export_bundle(), here)


@pytest.mark.parametrize(
    "row", [{"id": "AA:X"}, {}, {"id": 1}, {"id": "AA:X", "kind": [], "surplus": 1}]
)
def test_rows_of_another_shape_are_refused_by_line(
    here: Served, elsewhere: Served, row: dict[str, Any]
) -> None:
    told = json.loads(here.instance.registry_json())
    version, tables = told["version"], told["tables"]
    tables["frameworks"].append(row)
    with here.instance.database.snapshot() as work:
        active = work.signing_keys.active(SERVICE, here.clock.now())

    data = write_bundle(
        tables, version=version, issuer_name="x", active=active, now=here.clock.now()
    )
    with pytest.raises(RowsMalformed) as refused:
        bring_in(elsewhere, data, here)
    assert (refused.value.table, refused.value.line) == ("frameworks", 3)
    assert elsewhere.get(f"{PATH}/changes").json()["items"] == []


def test_versions_can_be_told_apart(here: Served) -> None:
    fill(here, a_small_registry("Two"))
    changes = here.get(f"{PATH}/changes?limit=1").json()
    assert changes["items"][0]["number"] == 2
    older = here.get(f"{PATH}/changes?limit=1&cursor={changes['next']}").json()
    assert [one["number"] for one in older["items"]] == [1]
    diff = here.get(f"{PATH}/diff?from=1").json()
    assert set(diff["tables"]) == {"frameworks"}
    (first, _) = diff["tables"]["frameworks"]
    assert (first["before"]["name"], first["after"]["name"]) == (
        {"en": "One AA:X"},
        {"en": "Two AA:X"},
    )
    assert here.get(f"{PATH}/diff?from=2&to=2").json()["tables"] == {}
    everything = here.get(f"{PATH}/diff?from=0&to=1").json()["tables"]
    assert all(one["before"] is None for rows in everything.values() for one in rows)


@pytest.mark.parametrize(
    ("query", "status"),
    [("from=3", 422), ("from=1&to=0", 422), ("from=0&to=9", 422), ("from=-1", 422), ("", 422)],
)
def test_a_version_that_never_was(here: Served, query: str, status: int) -> None:
    assert here.get(f"{PATH}/diff?{query}").status_code == status


def test_every_table_leaves_as_json_and_csv(served: Served) -> None:
    tables = served.get(f"{PATH}/export.json").json()["tables"]
    assert set(tables) == set(PARTS)
    for name, rows in tables.items():
        got = served.get(f"{PATH}/export/{name}.csv")
        assert got.headers["content-type"] == "text/csv; charset=utf-8"
        assert len(list(csv.DictReader(io.StringIO(got.text)))) == len(rows)
    assert served.get(f"{PATH}/export/api_keys.csv").status_code == 404


def test_an_agreement_that_is_not_public_and_its_rules_stay_here(
    here: Served, elsewhere: Served
) -> None:
    agreements = (
        an_agreement(slug="KEPT", parties=("Kept ministry",), is_public=False),
        an_agreement(slug="SHOWN"),
    )
    rules = tuple(
        a_rule(f"Diploma {one}", agreement=one, levels={}, sources=("s",))
        for one in ("KEPT", "SHOWN")
    )
    sources = FrameworkRows(sources=(a_source("s"),))
    fill(here, RegistryContent(rows=sources, agreements=agreements, rules=rules))
    paths = ("export.json", "export/agreements.csv", "export/recognition_rules.csv", "diff?from=0")
    for path in paths:
        said = here.get(f"{PATH}/{path}").text
        assert "SHOWN" in said
        assert "KEPT" not in said
        assert "Kept" not in said
    added = bring_in(elsewhere, here.get(f"{PATH}/bundle.zip").content, here)["added"]
    assert (added["agreements"], added["recognition_rules"]) == (1, 1)


def test_a_spreadsheet_takes_no_cell_for_a_formula(here: Served) -> None:
    evil = dataclasses.replace(a_source(), title="=HYPERLINK(1)")
    fill(here, RegistryContent(rows=FrameworkRows(sources=(evil,))))
    assert "'=HYPERLINK(1)" in here.get(f"{PATH}/export/sources.csv").text


def test_the_registry_as_linked_data_is_read_by_another_program(served: Served) -> None:
    got = served.get(f"{PATH}/export.jsonld")
    graph = pyoxigraph.Store()
    graph.load(got.text.encode(), format=pyoxigraph.RdfFormat.JSON_LD)
    query = (
        "SELECT ?n WHERE { ?m <urn:skillpassport:term:fromLevel> ?f ; "
        "<urn:skillpassport:term:toLevel> ?t . "
        "?f <http://www.w3.org/2004/02/skos/core#notation> 'VI' . "
        "?t <http://www.w3.org/2004/02/skos/core#notation> ?n }"
    )
    solutions: Any = graph.query(query)
    assert '"6"' in {str(one["n"]) for one in solutions}
    document = json.loads(got.text)
    assert len({one["id"] for one in document["graph"]}) == len(document["graph"])


MADE_OF_A_VERSION = (
    "export.json",
    "export.jsonld",
    "export/frameworks.csv",
    "bundle.zip",
    "diff?from=0",
)


@pytest.mark.parametrize("path", MADE_OF_A_VERSION)
def test_what_is_made_of_a_version_is_not_sent_twice_and_changes_with_the_version(
    here: Served, path: str
) -> None:
    first = here.http.get(f"{PATH}/{path}")
    etag = first.headers["etag"]
    assert etag.startswith('"')
    here.clock.instant += dt.timedelta(days=40)
    again = here.http.get(f"{PATH}/{path}", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    fill(here, a_small_registry("Two"))
    changed = here.http.get(f"{PATH}/{path}", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.content != first.content


@pytest.mark.parametrize("path", MADE_OF_A_VERSION)
def test_every_worker_makes_the_same_of_a_version(here: Served, tmp_path: Path, path: str) -> None:
    with an_instance(tmp_path / "here", seed="none") as beside:
        beside.clock.instant += dt.timedelta(days=2)
        etags = {one.http.get(f"{PATH}/{path}").headers["etag"] for one in (here, beside)}
    assert len(etags) == 1


def test_a_bundle_is_signed_with_the_key_in_use(here: Served) -> None:
    old = here.http.get(f"{PATH}/bundle.zip")
    here.clock.instant += dt.timedelta(days=1)
    here.instance.rotate_key(None)
    new = here.http.get(f"{PATH}/bundle.zip", headers={"If-None-Match": old.headers["etag"]})
    assert new.status_code == 200
    assert (
        manifest_of(new.content)["proof"]["created"] > manifest_of(old.content)["proof"]["created"]
    )


def manifest_of(bundle: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return manifest


def test_a_restored_registry_that_came_to_the_same_number_is_another(
    here: Served, tmp_path: Path
) -> None:
    shutil.copytree(tmp_path / "here", tmp_path / "backup")
    fill(here, a_small_registry("Two"))
    first = here.http.get(f"{PATH}/export.json")
    with an_instance(tmp_path / "backup", seed="none") as restored:
        restored.clock.instant += dt.timedelta(days=1)
        fill(restored, a_small_registry("Three"))
        restored.instance._artefacts = here.instance._artefacts
        assert restored.get(f"{PATH}/export.json").json()["version"] == first.json()["version"]
        assert "Three AA:X" in restored.get(f"{PATH}/export.json").text
