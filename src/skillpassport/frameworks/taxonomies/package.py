"""The ZIP in which the publisher hands ESCO out, opened without trust in what it says of itself.

Nothing is unpacked to the disk. Sizes are counted while reading, since a header can lie.

Source: APPNOTE.TXT 6.3 (PKWARE)
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from skillpassport.frameworks.importing.archives import NOT_WHOLE
from skillpassport.frameworks.importing.problems import FileUnreadable

MAX_MEMBERS: Final = 2_000
"""ESCO in all its languages has about six hundred files."""

MAX_MEMBER_BYTES: Final = 128 << 20
MAX_TOTAL_BYTES: Final = 1 << 30
MAX_RATIO: Final = 100
"""Unpacked by packed octets; the relations, its most repetitive file, come to about 20."""

_COMPRESSIONS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_SMALL: Final = 1 << 20  # a few octets of zeros may well be packed more tightly
_STEP: Final = 1 << 20
_MEMBER: Final = re.compile(r"(?P<kind>[A-Za-z]{3,60})_(?P<language>[a-z]{2,3})\.csv", re.ASCII)


class PackageUnreadable(FileUnreadable):
    """A file is not the package that it should be."""

    code = "package-unreadable"


@dataclass(slots=True)
class Package:
    """The CSV files of a package, by kind and language."""

    _zip: zipfile.ZipFile
    _members: Mapping[str, Mapping[str, zipfile.ZipInfo]]
    _read: int = field(default=0)

    def languages(self, kind: str) -> tuple[str, ...]:
        """Return the languages in which a kind of file is there, English first."""
        found = self._members.get(kind, {})
        return tuple(sorted(found, key=lambda tag: (tag != "en", tag)))

    def name(self, kind: str, language: str) -> str:
        """Return the name of a file as it stands in the package."""
        return self._members[kind][language].filename

    def read(self, kind: str, language: str) -> bytes:
        """Return the octets of a file.

        Raises: PackageUnreadable
        """
        member = self._members[kind][language]
        parts, size = [], 0
        try:
            with self._zip.open(member) as stream:
                while part := stream.read(_STEP):
                    size += len(part)
                    self._read += len(part)
                    self._check(member, size)
                    parts.append(part)
        except NOT_WHOLE as error:
            raise PackageUnreadable(
                f"Expected '{member.filename}' to unpack, found it damaged; fetch the package again."
            ) from error
        return b"".join(parts)

    def _check(self, member: zipfile.ZipInfo, size: int) -> None:
        swollen = size > _SMALL and size > MAX_RATIO * max(member.compress_size, 1)
        if swollen or size > MAX_MEMBER_BYTES or self._read > MAX_TOTAL_BYTES:
            raise PackageUnreadable(
                f"Expected files of at most {MAX_MEMBER_BYTES} bytes, packed at most {MAX_RATIO} "
                f"to one, found '{member.filename}' beyond; fetch the package from its publisher."
            )


def open_package(file: BinaryIO | bytes) -> Package:
    """Return a package whose list of files was checked.

    Raises: PackageUnreadable
    """
    try:
        opened = zipfile.ZipFile(BytesIO(file) if isinstance(file, bytes) else file)
        members = opened.infolist()
    except NOT_WHOLE as error:
        raise PackageUnreadable(
            "Expected a ZIP file as the publisher of ESCO hands it out, found something else."
        ) from error
    if len(members) > MAX_MEMBERS:
        raise PackageUnreadable(
            f"Expected at most {MAX_MEMBERS} files, found {len(members)}; take the others out."
        )
    found: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for member in members:
        _check_name(member.filename)
        matched = _MEMBER.fullmatch(PurePosixPath(member.filename).name)
        if matched is None:
            continue
        languages = found.setdefault(matched["kind"], {})
        if matched["language"] in languages:
            raise PackageUnreadable(
                f"Expected each file once, found '{member.filename}' a second time; take one out."
            )
        if member.flag_bits & 1 or member.compress_type not in _COMPRESSIONS:
            raise PackageUnreadable(
                f"Expected files that anybody can unpack, found '{member.filename}' encrypted or "
                "packed in an unusual way; pack it anew."
            )
        languages[matched["language"]] = member
    return Package(opened, found)


def _check_name(name: str) -> None:
    """Refuse names that lead out of a folder: whoever packed them means harm."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or "\\" in name or ":" in name or ".." in parts:
        raise PackageUnreadable(
            f"Expected names of files inside the package, found {name!r}; do not use this package."
        )
