"""Packages that mean harm, or are broken, beside one that is well."""

import io
import zipfile
from contextlib import suppress

import pytest

from skillpassport.errors import SkillPassportError
from skillpassport.frameworks.taxonomies import package
from skillpassport.frameworks.taxonomies.esco import read_esco
from skillpassport.frameworks.taxonomies.package import PackageUnreadable, open_package
from tests.support.taxonomies import a_package, esco_files


def test_a_package_is_read_file_by_file() -> None:
    opened = open_package(a_package())
    assert opened.languages("occupations") == ("en", "fr")
    assert opened.languages("nothing") == ()
    assert opened.read("skills", "en").decode() == esco_files()["skills_en.csv"]


def test_files_may_lie_in_a_folder_and_beside_others() -> None:
    files = {f"ESCO dataset/{name}": text for name, text in esco_files().items()}
    assert open_package(a_package(files | {"read me.txt": "x"})).languages("skills") == ("en",)


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip", b"PK\x05\x06" + bytes(17), bytes(100)])
def test_what_is_no_package_is_refused(data: bytes) -> None:
    with pytest.raises(PackageUnreadable):
        open_package(data)


@pytest.mark.parametrize(
    "name",
    ["../skills_en.csv", "/skills_en.csv", "a/../../skills_en.csv", "a\\skills_en.csv", "C:x.csv"],
)
def test_a_name_that_leads_out_of_the_package_is_refused(name: str) -> None:
    with pytest.raises(PackageUnreadable, match="names of files"):
        open_package(a_package(esco_files() | {name: "x"}))


def test_the_same_file_in_two_folders_is_refused() -> None:
    with pytest.raises(PackageUnreadable, match="a second time"):
        open_package(a_package(esco_files() | {"other/skills_en.csv": "x"}))


def test_an_encrypted_file_is_refused() -> None:
    data = bytearray(a_package({"skills_en.csv": "x"}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    with pytest.raises(PackageUnreadable, match="encrypted"):
        open_package(bytes(data))


def test_a_bomb_is_refused_before_it_has_swollen() -> None:
    opened = open_package(a_package(skills_en="a," * (4 << 20)))
    with pytest.raises(PackageUnreadable, match="beyond"):
        opened.read("skills", "en")


def test_a_size_that_lies_does_not_help_a_bomb() -> None:
    data = bytearray(a_package({"skills_en.csv": "a," * (4 << 20)}))
    place = data.index(b"PK\x01\x02") + 24  # uncompressed size, in the central directory
    data[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(PackageUnreadable):
        open_package(bytes(data)).read("skills", "en")


def test_files_that_are_too_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_TOTAL_BYTES", 500)
    opened = open_package(a_package())
    opened.read("occupations", "en")
    with pytest.raises(PackageUnreadable, match="beyond"):
        opened.read("occupations", "fr")


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_MEMBERS", 3)
    with pytest.raises(PackageUnreadable, match="at most 3"):
        open_package(a_package())


def test_a_damaged_file_is_refused() -> None:
    data = bytearray(a_package({"skills_en.csv": "conceptUri" * 500}))
    data[60] ^= 0xFF
    with pytest.raises(PackageUnreadable, match=r"unusual|damaged"):
        open_package(bytes(data)).read("skills", "en")


def test_a_compression_that_nobody_uses_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        made.writestr("skills_en.csv", "x")
    data = bytearray(written.getvalue())
    for signature, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(signature) + method] = 99
    with pytest.raises(PackageUnreadable, match=r"unusual|damaged"):
        open_package(bytes(data)).read("skills", "en")


@pytest.mark.parametrize(
    ("place", "octets"),
    [(42, b"\xff\xff\x00\x00"), (8, b"\x20\x00"), (8, b"\x40\x00"), (16, b"\xff\xff")],
    ids=["an offset beyond", "patched", "strongly encrypted", "another checksum"],
)
def test_an_archive_whose_directory_lies_is_refused(place: int, octets: bytes) -> None:
    data = bytearray(a_package())
    entry = data.index(b"PK\x01\x02")
    data[entry + place : entry + place + len(octets)] = octets
    with pytest.raises(PackageUnreadable):
        read_esco(bytes(data), version="1.0")


def test_no_octet_that_is_altered_ends_in_anything_but_a_refusal() -> None:
    whole = a_package()
    for place in range(len(whole)):
        altered = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        with suppress(SkillPassportError):
            read_esco(altered, version="1.0")
