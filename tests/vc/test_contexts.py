"""Contexts: bundled byte for byte, further ones from a folder, none ever fetched."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from skillpassport.vc import contexts
from skillpassport.vc.contexts import (
    BUNDLED,
    CREDENTIALS_V2,
    ContextDamaged,
    ContextUnknown,
    is_known,
    load_context,
)
from skillpassport.vc.strict_json import parse_object
from tests.support.checkout import SOURCE
from tests.support.shared_data import shared_data

FOLDER = SOURCE / "vc" / "contexts"


@pytest.mark.parametrize("url", BUNDLED)
def test_each_bundled_context_is_the_published_one_and_named_in_the_notice(url: str) -> None:
    name, digest = BUNDLED[url]
    assert sha256((FOLDER / name).read_bytes()).hexdigest() == digest
    assert isinstance(load_context(url)["@context"], dict)
    notice = (FOLDER / "NOTICE.md").read_text("utf-8")
    assert all(text in notice for text in (url, name, digest))


def test_no_file_is_bundled_without_being_pinned() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix in {".json", ".jsonld"}}
    assert files == {name for name, _ in BUNDLED.values()}


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "shared_name"),
    [
        ("credentials-v1.jsonld", "2018-credentials-v1.jsonld"),
        ("credentials-v2.jsonld", "credentials-v2.jsonld"),
        ("data-integrity-v1.jsonld", "data-integrity-v1.jsonld"),
        ("did-v1.jsonld", "did-v1.jsonld"),
        ("ed25519-2020-v1.jsonld", "security-suites-ed25519-2020-v1.jsonld"),
        ("ob-v3p0-3.0.1.json", "ob-v3p0-3.0.1.json"),
        ("ob-v3p0-3.0.2.json", "ob-v3p0-3.0.2.json"),
        ("ob-v3p0-3.0.3.json", "ob-v3p0-3.0.3.json"),
        ("clr-v2p0-2.0.1.json", "clr-v2p0-2.0.1.json"),
    ],
)
def test_a_bundled_context_says_what_another_copy_says(name: str, shared_name: str) -> None:
    """Two of the shared files are laid out otherwise than the published ones."""
    shared = shared_data() / "contexts" / shared_name
    assert parse_object(shared.read_bytes()) == parse_object((FOLDER / name).read_bytes())


@pytest.mark.parametrize(
    "url",
    ["https://vocab.example/", CREDENTIALS_V2 + "/", CREDENTIALS_V2.replace("https", "http"), ""],
)
def test_an_unknown_context_is_an_error(url: str) -> None:
    with pytest.raises(ContextUnknown):
        load_context(url)
    assert not is_known(url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "more").mkdir()
    folder = tmp_path / "more"
    (tmp_path / "outside.json").write_text("{}")
    (folder / "a.json").write_text('{"@context":{}}')
    (folder / "bad.json").write_text("{")
    entries = {
        "https://a.example/": "a.json",
        "https://bad.example/": "bad.json",
        "https://gone.example/": "gone.json",
        "https://outside.example/": "../outside.json",
        "https://number.example/": 1,
        CREDENTIALS_V2: "a.json",
    }
    (folder / "context-map.json").write_text(json.dumps(entries))
    return folder


def test_a_folder_adds_contexts_and_replaces_none(folder: Path) -> None:
    assert load_context("https://a.example/", folder=folder) == {"@context": {}}
    assert load_context(CREDENTIALS_V2, folder=folder) != {"@context": {}}
    assert is_known("https://a.example/", folder=folder)


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("https://other.example/", ContextUnknown),
        ("https://number.example/", ContextUnknown),
        ("https://bad.example/", ContextDamaged),
        ("https://gone.example/", ContextDamaged),
        ("https://outside.example/", ContextDamaged),
    ],
)
def test_a_folder_answers_only_with_its_own_sound_files(
    folder: Path, url: str, cause: type[Exception]
) -> None:
    with pytest.raises(cause):
        load_context(url, folder=folder)


def test_a_folder_without_a_map_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContextDamaged):
        load_context("https://a.example/", folder=tmp_path)


def test_a_changed_file_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {CREDENTIALS_V2: ("credentials-v2.jsonld", "0" * 64)}
    monkeypatch.setattr(contexts, "BUNDLED", changed)
    contexts._bundled.cache_clear()
    with pytest.raises(ContextDamaged):
        load_context(CREDENTIALS_V2)
    contexts._bundled.cache_clear()
